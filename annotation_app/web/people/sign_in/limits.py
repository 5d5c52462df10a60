"""How many wrong passwords are checked before the next one is refused unread.

The reasons are in docs/decisions/0011-sign-in-limits.md: strangers' attempts never lock out an
account's owner.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from annotation_app.web.people.sign_in.addresses import address_key, client_address
from annotation_app.web.people.sign_in.devices import is_known_address, known_device, login_key
from annotation_app.web.throttling import count_of, give_back, take

MINUTE = 60
FROM_ADDRESS, ADDRESS_SECONDS = 30, 10 * MINUTE  # over all accounts, from one unknown address
FOR_PAIR, PAIR_SECONDS = 5, 5 * MINUTE  # one account from one address
FOR_PAIR_UNDER_ATTACK = 1
FROM_DEVICE = 10  # one account from a browser that is known for it, in PAIR_SECONDS
ATTACK, ATTACK_SECONDS = 20, 60 * MINUTE  # one account, from all unknown addresses together


@dataclass(frozen=True, slots=True)
class Try:
    """One password about to be checked, counted as wrong until it turns out right.

    Attributes:
        counters: what was counted, to be given back if the password is right.
        attack: the counter of strangers' failures of this account; empty for those known.
    """

    counters: tuple[str, ...]
    attack: str

    def succeed(self) -> None:
        """The password was right: it counts nowhere."""
        for counter in self.counters:
            give_back(counter)

    def fail(self) -> None:
        """The password was wrong."""
        if self.attack:
            take(self.attack, most=ATTACK, seconds=ATTACK_SECONDS)


def begin_try(request: HttpRequest, login: str) -> Try | None:
    """Count a try for a typed name or address; None if there were too many wrong ones."""
    account, address = login_key(login), address_key(client_address(request))
    pair = f"sign-in:{account}:{address}"
    device = known_device(request, login)
    if device:
        return _count([(f"sign-in:{account}:device:{device}", FROM_DEVICE, PAIR_SECONDS)], "")
    if is_known_address(request, login):
        return _count([(pair, FOR_PAIR, PAIR_SECONDS)], "")
    attack = f"sign-in:{account}"
    most = FOR_PAIR_UNDER_ATTACK if count_of(attack) >= ATTACK else FOR_PAIR
    counted = [
        (pair, most, PAIR_SECONDS),
        (f"sign-in:address:{address}", FROM_ADDRESS, ADDRESS_SECONDS),
    ]
    return _count(counted, attack)


def _count(limits: list[tuple[str, int, int]], attack: str) -> Try | None:
    taken: list[str] = []
    for key, most, seconds in limits:
        if not take(key, most=most, seconds=seconds):
            Try(tuple(taken), "").succeed()  # refused unread: counts nowhere
            return None
        taken.append(key)
    return Try(tuple(taken), attack)
