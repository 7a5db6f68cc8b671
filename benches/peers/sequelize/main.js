// Sequelize 7 on SQLite or PostgreSQL: the protocol is that of ../common.

import { DataTypes, Op, Sequelize, Transaction } from '@sequelize/core';
import { SqliteDialect } from '@sequelize/sqlite3';
import { PostgresDialect } from '@sequelize/postgres';
import fs from 'node:fs';
import readline from 'node:readline';

const PERSONS = 1000;
const PAGES = 50;
const url = process.argv[2];
const isFile = !url.startsWith('postgres');
const sequelize = isFile
  ? new Sequelize({ dialect: SqliteDialect, storage: url, logging: false, pool: { max: 1, min: 1, idle: Infinity, maxUses: Infinity } })
  : new Sequelize({ dialect: PostgresDialect, url, logging: false, ssl: false, pool: { max: 1, min: 1 } });

const plain = tableName => ({ tableName, timestamps: false, noPrimaryKey: false });
const id = { type: DataTypes.INTEGER, primaryKey: true };
const text = { type: DataTypes.STRING };
const key = columnName => ({ type: DataTypes.INTEGER, columnName });

const City = sequelize.define('City', { id, name: text }, plain('cities'));
const Person = sequelize.define('Person', { id, name: text, cityId: key('city_id') }, plain('people'));
const License = sequelize.define('License', { id, number: text, personId: key('person_id') }, plain('licenses'));
const Toot = sequelize.define('Toot', { id, body: text, personId: key('person_id') }, plain('toots'));
const Like = sequelize.define('Like', {
  personId: { ...key('person_id'), primaryKey: true },
  tootId: { ...key('toot_id'), primaryKey: true },
}, plain('likes'));
City.hasMany(Person, { as: 'people', foreignKey: 'cityId', inverse: { as: 'city' } });
Person.hasOne(License, { as: 'license', foreignKey: 'personId', inverse: { as: 'person' } });
Person.hasMany(Toot, { as: 'toots', foreignKey: 'personId', inverse: { as: 'person' } });
Person.belongsToMany(Toot, {
  as: 'likedToots', through: Like, foreignKey: 'personId', otherKey: 'tootId', inverse: { as: 'likers' },
});

const sumOf = () => {
  const sum = { rows: 0, text: 0 };
  sum.add = value => {
    sum.rows += 1;
    sum.text += typeof value === 'string' ? Buffer.byteLength(value) : Math.abs(value);
  };
  return sum;
};

function wideSum(sum, people) {
  for (const person of people) {
    sum.add(person.name);
    sum.add(person.city.name);
    if (person.license) sum.add(person.license.number);
    for (const toot of person.toots) sum.add(toot.body);
    for (const toot of person.likedToots) sum.add(toot.body);
  }
}

// A join of two lists multiplies their rows, so one of them is a statement of its own.
const wide = (where, limit) =>
  Person.findAll({
    ...(where && { where }),
    ...(limit && { limit }),
    order: [['id', 'ASC']],
    include: ['license', 'city', { association: 'toots', separate: true, order: [['id', 'ASC']] }, 'likedToots'],
  });

const tootsFor = person => Array.from({ length: 10 }, (_, number) => ((person * 31 + number * 97) % 30000) + 1);

let people = 0;
let persons = [];

const works = {
  async lazy() {
    const sum = sumOf();
    for (const person of persons) {
      const license = await person.getLicense();
      if (license) sum.add(license.number);
      sum.add((await person.getCity()).name);
      for (const toot of await person.getToots({ order: [['id', 'ASC']] })) sum.add(toot.body);
    }
    return sum;
  },
  async wide() {
    const sum = sumOf();
    wideSum(sum, await wide());
    return sum;
  },
  async deep() {
    const sum = sumOf();
    const cities = await City.findAll({
      include: [{ association: 'people', include: [{ association: 'toots', include: ['likers'] }] }],
    });
    for (const city of cities) {
      sum.add(city.name);
      for (const person of city.people) {
        sum.add(person.name);
        for (const toot of person.toots) {
          sum.add(toot.body);
          for (const liker of toot.likers) sum.add(liker.name);
        }
      }
    }
    return sum;
  },
  async half() {
    const sum = sumOf();
    wideSum(sum, await wide({ id: { [Op.gt]: Math.floor(people / 2) } }));
    return sum;
  },
  async page() {
    const sum = sumOf();
    for (let page = 0; page < PAGES; page += 1) {
      wideSum(sum, await wide({ id: { [Op.gt]: page * 200 } }, 20));
    }
    return sum;
  },
  async top() {
    const sum = sumOf();
    const first = await Person.findAll({
      where: { id: { [Op.lte]: PERSONS } },
      order: [['id', 'ASC']],
      include: [{ association: 'toots', separate: true, limit: 3, order: [['id', 'DESC']] }],
    });
    for (const person of first) for (const toot of person.toots) sum.add(toot.id);
    return sum;
  },
  async links() {
    const sum = sumOf();
    const transaction = await sequelize.startUnmanagedTransaction();
    for (let number = 1; number <= PERSONS; number += 1) {
      const person = Person.build({ id: number }, { isNewRecord: false });
      const toots = tootsFor(number);
      await person.addLikedToots(toots, { transaction });
      if (!(await person.hasLikedToots(toots, { transaction }))) throw new Error('not linked');
      sum.add(Number(await person.countLikedToots({ transaction })));
      await person.removeLikedToots(toots.slice(0, 5), { transaction });
      sum.add(5);
    }
    await transaction.rollback();
    return sum;
  },
};

const peak = () => fs.readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\s+(\d+)/)[1];

if (isFile) {
  for (const pragma of ['locking_mode = EXCLUSIVE', 'journal_mode = MEMORY', 'synchronous = OFF', 'cache_size = -1000000']) {
    await sequelize.query(`PRAGMA ${pragma}`);
  }
}
people = await Person.count();
for (let number = 0; number < PERSONS; number += 1) {
  persons.push(await Person.findByPk(((number * 37) % people) + 1));
}
for await (const line of readline.createInterface({ input: process.stdin })) {
  const start = process.hrtime.bigint();
  try {
    const sum = await works[line]();
    console.log(`${process.hrtime.bigint() - start} ${sum.rows} ${sum.text} ${peak()}`);
  } catch (error) {
    console.log(`failed ${String(error.message ?? error).split('\n')[0]}`);
  }
}
