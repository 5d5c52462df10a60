"""The people who open pages: every role, and those who lost it."""

from dataclasses import dataclass

from annotation_app.enums import MembershipStatus, Role
from annotation_app.models import Campaign, User
from annotation_app.services.people.members import add_member, set_member_status
from tests.factories.world import make_user


@dataclass(frozen=True)
class Cast:
    """Who works where.

    Attributes:
        operator: administers the installation.
        raters: three annotators who rate everything.
        former: was a researcher, and started jobs then.
        paused: an annotator who may only read.
        newcomer: an annotator who has rated nothing.
        outsider: has an account and no campaign.
    """

    operator: User
    admin: User
    researcher: User
    reviewer: User
    raters: tuple[User, User, User]
    former: User
    paused: User
    newcomer: User
    outsider: User

    @property
    def readers(self) -> dict[str, User | None]:
        """Everyone who opens pages, by what they are; None has no account."""
        return {
            "anonymous": None,
            "outsider": self.outsider,
            "annotator": self.raters[0],
            "newcomer": self.newcomer,
            "paused annotator": self.paused,
            "former researcher": self.former,
            "researcher": self.researcher,
            "reviewer": self.reviewer,
            "admin": self.admin,
            "operator": self.operator,
        }


def make_cast() -> Cast:
    """The people, with no campaign yet."""
    return Cast(
        operator=make_user("olga", superuser=True),
        admin=make_user("ada"),
        researcher=make_user("rita"),
        reviewer=make_user("rex"),
        raters=(make_user("ann"), make_user("ben"), make_user("cem")),
        former=make_user("fay"),
        paused=make_user("pia"),
        newcomer=make_user("new"),
        outsider=make_user("out"),
    )


def join(cast: Cast, campaign: Campaign) -> None:
    """Give everyone their role in a campaign."""
    roles = (
        (Role.ADMIN, (cast.admin,)),
        (Role.RESEARCHER, (cast.researcher, cast.former)),
        (Role.REVIEWER, (cast.reviewer,)),
        (Role.ANNOTATOR, (*cast.raters, cast.paused, cast.newcomer)),
    )
    for role, people in roles:
        for person in people:
            add_member(actor=cast.operator, campaign=campaign, user=person, role=role, team="One")


def dismiss(cast: Cast, campaign: Campaign) -> None:
    """Let the former researcher go."""
    member = campaign.memberships.get(user=cast.former)
    set_member_status(actor=cast.admin, membership=member, status=MembershipStatus.LEFT)
