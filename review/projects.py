"""Projects: a set of notes that is reviewed together, its settings, and who works on it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from review.settings import Settings
from review.store import Store, now
from review.tables import member, project, queue

ROLES = ("reviewer", "lead")
"""A lead may also settle differences, change settings, make samples and see handlers' figures."""


@dataclass(frozen=True)
class Project:
    """A project.

    Parameters
    ----------
    id : int
        In the store.
    name : str
        Shown; unique.
    is_demo : bool
        Whether its notes are the invented ones that come with Unheard.
    settings : Settings
        As last set.
    ranked_queue : int
        Id of the queue of all its notes, in the order of a run.
    at, by : str
        When and by whom it was made.
    """

    id: int
    name: str
    is_demo: bool
    settings: Settings
    ranked_queue: int
    at: str
    by: str


def create_project(
    store: Store, name: str, *, by: str, settings: Settings | None = None, is_demo: bool = False
) -> Project:
    """Make a project; whoever makes it leads it.

    Parameters
    ----------
    store : Store
        Open.
    name : str
        Not yet taken, at most 200 characters.
    by : str
        Who makes it.
    settings : Settings, optional
        Ours by default.
    is_demo : bool
        Whether its notes are invented.

    Returns
    -------
    Project
        As stored.

    Raises
    ------
    ValueError
        If the name is empty, too long or taken, or nobody is named.
    """
    name, by = check_name(name, "a project"), check_name(by, "a reader")
    values = (settings or Settings()).model_dump(mode="json")
    at = now()
    try:
        with store.write() as connection:
            made = connection.execute(
                insert(project).values(name=name, is_demo=is_demo, settings=values, at=at, by=by)
            )
            id = made.inserted_primary_key[0]
            connection.execute(insert(member).values(project_id=id, name=by, role="lead", at=at))
            connection.execute(
                insert(queue).values(
                    project_id=id, name="All notes", kind="ranked", plan={}, at=at, by=by
                )
            )
    except IntegrityError:
        raise ValueError(f"there is a project {name!r} already; choose another name") from None
    return read_project(store, id)


def list_projects(store: Store) -> list[Project]:
    """List all projects.

    Parameters
    ----------
    store : Store
        Open.

    Returns
    -------
    list of Project
        The newest first.
    """
    with store.read() as connection:
        found = connection.execute(_projects().order_by(project.c.id.desc()))
        return [_project_of(row) for row in found]


def read_project(store: Store, id: int) -> Project:
    """Read a project.

    Parameters
    ----------
    store : Store
        Open.
    id : int
        Of the project.

    Returns
    -------
    Project
        As stored.

    Raises
    ------
    ValueError
        If there is none.
    """
    with store.read() as connection:
        row = connection.execute(_projects().where(project.c.id == id)).first()
    if row is None:
        raise ValueError(f"the store has no project {id}")
    return _project_of(row)


def lock_project(connection: Connection, id: int) -> Settings:
    """Let nobody else deliver to a project or draw from it until the end of the transaction.

    Parameters
    ----------
    connection : Connection
        To write with.
    id : int
        Of the project.

    Returns
    -------
    Settings
        As last set.

    Raises
    ------
    ValueError
        If there is no such project.
    """
    found = connection.scalar(
        select(project.c.settings).where(project.c.id == id).with_for_update()
    )
    if found is None:
        raise ValueError(f"the store has no project {id}")
    return Settings.model_validate(found)


def change_settings(store: Store, id: int, settings: Settings) -> None:
    """Set a project's settings.

    Parameters
    ----------
    store : Store
        Open.
    id : int
        Of the project.
    settings : Settings
        All of them.
    """
    with store.write() as connection:
        connection.execute(
            update(project)
            .where(project.c.id == id)
            .values(settings=settings.model_dump(mode="json"))
        )


def join(store: Store, id: int, name: str, *, role: str = "reviewer") -> str:
    """Let somebody work on a project; who is in it already stays what they are.

    Names are taken on trust: whoever can reach the page can give one.

    Parameters
    ----------
    store : Store
        Open.
    id : int
        Of the project.
    name : str
        Who joins.
    role : str
        One of ``ROLES``, for a new member.

    Returns
    -------
    str
        The role that the member has.

    Raises
    ------
    ValueError
        If the name is empty or too long, or there is no such role.
    """
    name = check_name(name, "a reader")
    if role not in ROLES:
        raise ValueError(f"role must be one of {ROLES}, got {role!r}")
    with store.write() as connection:
        found = connection.scalar(
            select(member.c.role).where(member.c.project_id == id, member.c.name == name)
        )
        if found is None:
            connection.execute(insert(member).values(project_id=id, name=name, role=role, at=now()))
    return found or role


def set_role(store: Store, id: int, name: str, role: str) -> None:
    """Give a member another role.

    Parameters
    ----------
    store : Store
        Open.
    id : int
        Of the project.
    name : str
        Of the member.
    role : str
        One of ``ROLES``.

    Raises
    ------
    ValueError
        If there is no such role, or nobody would lead the project.
    """
    if role not in ROLES:
        raise ValueError(f"role must be one of {ROLES}, got {role!r}")
    with store.write() as connection:
        leads = connection.scalars(
            select(member.c.name).where(member.c.project_id == id, member.c.role == "lead")
        ).all()
        if role != "lead" and leads == [name]:
            raise ValueError(f"{name!r} is the project's only lead; make somebody else one first")
        connection.execute(
            update(member).where(member.c.project_id == id, member.c.name == name).values(role=role)
        )


def list_members(store: Store, id: int) -> dict[str, str]:
    """List who works on a project.

    Parameters
    ----------
    store : Store
        Open.
    id : int
        Of the project.

    Returns
    -------
    dict of str to str
        Name to role, by name.
    """
    with store.read() as connection:
        found = connection.execute(
            select(member.c.name, member.c.role)
            .where(member.c.project_id == id)
            .order_by(member.c.name)
        )
        return dict(found.all())


def _projects():
    """Select projects with their queue of all notes."""
    return select(project, queue.c.id.label("ranked_queue")).join(
        queue, (queue.c.project_id == project.c.id) & (queue.c.kind == "ranked")
    )


def _project_of(row: Row) -> Project:
    """Make a project of a row."""
    return Project(**dict(row._mapping) | {"settings": Settings.model_validate(row.settings)})


def check_name(name: str, whose: str) -> str:
    """Refuse an empty or endless name.

    Parameters
    ----------
    name : str
        As a person typed it.
    whose : str
        Such as ``"a project"``, for the message.

    Returns
    -------
    str
        Without spaces around it.

    Raises
    ------
    ValueError
        If it has no character, or more than 200.
    """
    name = name.strip()
    if not 0 < len(name) <= 200:
        raise ValueError(f"the name of {whose} must have 1 to 200 characters, got {len(name)}")
    return name
