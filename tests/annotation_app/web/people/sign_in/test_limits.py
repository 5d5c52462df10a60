"""Wrong passwords through a real reverse proxy: who is refused, and who never is."""

import pytest

from annotation_app.web.people.sign_in.limits import ATTACK, FOR_PAIR, FROM_ADDRESS, FROM_DEVICE
from tests.factories.loopback_client import LoopbackClient
from tests.factories.reverse_proxy import reverse_proxy
from tests.factories.world import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(live_server, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    with reverse_proxy(live_server.url) as address:
        yield address


def knock(client, login, times):
    return [client.sign_in(login, "wrong-guess") for _ in range(times)]


def test_wrong_passwords_of_one_client_keep_no_other_client_out(site):
    ada, ben = make_user(), make_user()
    stranger = LoopbackClient(site, "127.0.0.2")
    told = knock(stranger, ada.username, FOR_PAIR + 1)
    assert told == ["wrong"] * FOR_PAIR + ["refused"]
    assert stranger.sign_in(ada.username, PASSWORD) == "refused"
    assert LoopbackClient(site, "127.0.0.3").sign_in(ada.username, PASSWORD) == "in"
    assert LoopbackClient(site, "127.0.0.3").sign_in(ben.username, PASSWORD) == "in"


def test_an_address_that_tries_many_names_is_refused_for_all_but_those_known_there(site):
    own, other = make_user(), make_user()
    assert LoopbackClient(site, "127.0.0.2").sign_in(own.username, PASSWORD) == "in"
    stranger = LoopbackClient(site, "127.0.0.2")
    for number in range(FROM_ADDRESS):
        assert stranger.sign_in(f"name-{number}", "wrong-guess") == "wrong"
    assert stranger.sign_in(other.username, PASSWORD) == "refused"
    assert LoopbackClient(site, "127.0.0.2").sign_in(own.username, PASSWORD) == "in"
    assert LoopbackClient(site, "127.0.0.3").sign_in(other.username, PASSWORD) == "in"


def test_a_crowd_of_strangers_slows_itself_down_and_locks_no_account(site):
    ada = make_user()
    browser = LoopbackClient(site, "127.0.0.9")
    assert browser.sign_in(ada.username, PASSWORD) == "in"
    for number in range(ATTACK // FOR_PAIR):
        knock(LoopbackClient(site, f"127.0.1.{number + 1}"), ada.username, FOR_PAIR)
    late = LoopbackClient(site, "127.0.2.1")
    assert knock(late, ada.username, 2) == ["wrong", "refused"]
    # the own person: from a new address, from the known one, and from the known browser elsewhere
    assert LoopbackClient(site, "127.0.2.2").sign_in(ada.username, PASSWORD) == "in"
    known = LoopbackClient(site, "127.0.0.9")
    assert knock(known, ada.username, 2) == ["wrong", "wrong"]
    assert known.sign_in(ada.username, PASSWORD) == "in"
    moved = LoopbackClient(
        site, "127.0.2.1", cookies={"known_device": browser.cookies["known_device"]}
    )
    assert knock(moved, ada.username.upper(), 2) == ["wrong", "wrong"]
    assert moved.sign_in(ada.username, PASSWORD) == "in"


def test_a_known_browser_has_tries_of_its_own_and_not_without_end(site):
    ada = make_user()
    browser = LoopbackClient(site, "127.0.0.2")
    browser.sign_in(ada.username, PASSWORD)
    kept = {"known_device": browser.cookies["known_device"]}
    assert knock(
        LoopbackClient(site, "127.0.0.3", cookies=kept), ada.username, FROM_DEVICE + 1
    ) == [
        *["wrong"] * FROM_DEVICE,
        "refused",
    ]
    # a made-up cookie is worth nothing
    forged = LoopbackClient(site, "127.0.0.4", cookies={"known_device": kept["known_device"] + "x"})
    assert knock(forged, ada.username, FOR_PAIR + 1)[-1] == "refused"


def test_a_client_cannot_choose_its_address_through_the_proxy(site):
    ada = make_user()
    for number in range(FOR_PAIR):
        liar = LoopbackClient(site, "127.0.0.2", claims=f"203.0.113.{number}")
        assert liar.sign_in(ada.username, "wrong-guess") == "wrong"
    again = LoopbackClient(site, "127.0.0.2", claims="203.0.113.99")
    assert again.sign_in(ada.username, "wrong-guess") == "refused"


def test_the_header_of_a_peer_that_is_no_trusted_proxy_is_not_read(live_server, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    ada = make_user()
    with reverse_proxy(live_server.url, source="127.0.0.8") as foreign:
        for number in range(FOR_PAIR):
            client = LoopbackClient(foreign, f"127.0.3.{number + 1}")
            assert client.sign_in(ada.username, "wrong-guess") == "wrong"
        # all of them came from 127.0.0.8, as far as anyone can know
        assert LoopbackClient(foreign, "127.0.3.99").sign_in(ada.username, "x") == "refused"
    direct = LoopbackClient(live_server.url, "127.0.0.8", claims="127.0.3.7")
    assert direct.sign_in(ada.username, PASSWORD) == "refused"


def test_the_entry_counted_from_the_end_is_the_client_behind_two_proxies(live_server, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.0/24"]
    settings.PROXY_COUNT = 2
    ada = make_user()
    with reverse_proxy(live_server.url) as inner, reverse_proxy(inner) as outer:
        stranger = LoopbackClient(outer, "127.0.4.2", claims="127.0.4.3")
        assert knock(stranger, ada.username, FOR_PAIR + 1)[-1] == "refused"
        assert LoopbackClient(outer, "127.0.4.3").sign_in(ada.username, PASSWORD) == "in"
