"""SQLAlchemy 2 on SQLite or PostgreSQL: the protocol is that of ../common."""

import sys
import time

from sqlalchemy import Column, ForeignKey, Table, create_engine, delete, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,

    mapped_column,
    relationship,
    selectinload,
)

PERSONS = 1000
PAGES = 50

class Base(DeclarativeBase):
    pass

likes = Table(
    "likes",
    Base.metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("toot_id", ForeignKey("toots.id"), primary_key=True),
)

class City(Base):
    __tablename__ = "cities"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    people: Mapped[list["Person"]] = relationship(back_populates="city", order_by="Person.id")

class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))
    city: Mapped[City] = relationship(back_populates="people")
    license: Mapped["License | None"] = relationship()
    toots: Mapped[list["Toot"]] = relationship(order_by="Toot.id")
    liked_toots: Mapped[list["Toot"]] = relationship(secondary=likes, order_by="Toot.id")

class License(Base):
    __tablename__ = "licenses"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

class Toot(Base):
    __tablename__ = "toots"
    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    likers: Mapped[list[Person]] = relationship(
        secondary=likes, order_by=Person.id, viewonly=True
    )

class Sum:
    def __init__(self):
        self.rows = self.text = 0

    def add(self, value):
        self.rows += 1
        self.text += len(value.encode()) if isinstance(value, str) else abs(value)

WIDE = (
    selectinload(Person.license),
    selectinload(Person.city),
    selectinload(Person.toots),
    selectinload(Person.liked_toots),
)

def wide_sum(total, people):
    for person in people:
        total.add(person.name)
        total.add(person.city.name)
        if person.license is not None:
            total.add(person.license.number)
        for toot in person.toots:
            total.add(toot.body)
        for toot in person.liked_toots:
            total.add(toot.body)

class Peer:
    def __init__(self, url):
        self.is_file = not url.startswith("postgres")
        name = f"sqlite:///{url}" if self.is_file else url.replace("postgres://", "postgresql+psycopg://")
        self.engine = create_engine(name, pool_size=1, max_overflow=0)
        if self.is_file:

            @event.listens_for(self.engine, "connect")
            def pragmas(connection, _):
                for pragma in (
                    "locking_mode = EXCLUSIVE",
                    "journal_mode = MEMORY",
                    "synchronous = OFF",
                    "cache_size = -1000000",
                ):
                    connection.execute(f"PRAGMA {pragma}")

        with Session(self.engine) as session:
            self.people = session.scalar(select(func.count()).select_from(Person))
        self.keys = [number * 37 % self.people + 1 for number in range(PERSONS)]

    def lazy(self, session, total):
        for person in self.persons:
            session.add(person)
            if person.license is not None:
                total.add(person.license.number)
            total.add(person.city.name)
            for toot in person.toots:
                total.add(toot.body)

    def wide(self, session, total):
        wide_sum(total, session.scalars(select(Person).order_by(Person.id).options(*WIDE)))

    def half(self, session, total):
        query = select(Person).where(Person.id > self.people // 2).order_by(Person.id)
        wide_sum(total, session.scalars(query.options(*WIDE)))

    def deep(self, session, total):
        load = selectinload(City.people).selectinload(Person.toots).selectinload(Toot.likers)
        for city in session.scalars(select(City).order_by(City.id).options(load)):
            total.add(city.name)
            for person in city.people:
                total.add(person.name)
                for toot in person.toots:
                    total.add(toot.body)
                    for liker in toot.likers:
                        total.add(liker.name)

    def page(self, session, total):
        for number in range(PAGES):
            query = select(Person).where(Person.id > number * 200).order_by(Person.id).limit(20)
            wide_sum(total, session.scalars(query.options(*WIDE)))
            session.expunge_all()

    def top(self, session, total):
        people = session.scalars(select(Person).where(Person.id <= PERSONS).order_by(Person.id)).all()
        place = func.row_number().over(partition_by=Toot.person_id, order_by=Toot.id.desc())
        ranked = (
            select(Toot.id, place.label("place"))
            .where(Toot.person_id.in_([person.id for person in people]))
            .subquery()
        )
        query = select(Toot).join(ranked, ranked.c.id == Toot.id).where(ranked.c.place <= 3)
        of = {person.id: [] for person in people}
        for toot in session.scalars(query.order_by(Toot.id.desc())):
            of[toot.person_id].append(toot)
        for toots in of.values():
            for toot in toots:
                total.add(toot.id)

    def links(self, session, total):
        insert = (sqlite if self.is_file else postgresql).insert
        for person in range(1, PERSONS + 1):
            toots = [(person * 31 + number * 97) % 30_000 + 1 for number in range(10)]
            rows = [{"person_id": person, "toot_id": toot} for toot in toots]
            session.execute(insert(likes).values(rows).on_conflict_do_nothing())
            of_person = select(func.count()).select_from(likes).where(likes.c.person_id == person)
            assert session.scalar(of_person.where(likes.c.toot_id.in_(toots))) == 10
            count = session.scalar(of_person)
            removed = session.execute(
                delete(likes).where(likes.c.person_id == person, likes.c.toot_id.in_(toots[:5]))
            )
            total.add(count)
            total.add(removed.rowcount)

    def run(self, workload):
        total = Sum()
        with Session(self.engine) as session:
            if workload == "lazy":
                # in hand, and nothing of what belongs to them
                self.persons = [session.get(Person, key) for key in self.keys]
            start = time.perf_counter_ns()
            getattr(self, workload)(session, total)
            session.rollback()
            return time.perf_counter_ns() - start, total

def peak():
    with open("/proc/self/status") as status:
        return next(line.split()[1] for line in status if line.startswith("VmHWM"))

peer = Peer(sys.argv[1])
for line in sys.stdin:
    try:
        nanoseconds, total = peer.run(line.strip())
        print(nanoseconds, total.rows, total.text, peak(), flush=True)
    except Exception as error:
        print("failed", str(error).splitlines()[0], flush=True)
