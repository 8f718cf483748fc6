from __future__ import annotations

from supasync.catalog.kinds.membership import Membership


def test_names_are_not_options():
    member = Membership(
        id=("membership", "TrueOwner", "False Friend"),
        admin=True,
        inherit=False,
        set=False,
        inherits=True,
        grantors=None,
    )
    assert member.create() == [
        'grant "TrueOwner" to "False Friend" with admin option, inherit false, set false'
    ]
