//! Behind pgbouncer, which gives each transaction another connection to the
//! server: the settings that the guide names.

use crate::cancellation::bob;
use diesel::connection::CacheSize;
use diesel::prelude::*;
use orm_core::prelude::*;
use orm_tests::database::{Address, Isolated, postgres_address, shared_sample};
use orm_tests::models::Person;
use orm_tests::schema::people;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

/// A pgbouncer of its own, which ends with the test.
struct Pooler {
    process: Child,
    config: std::path::PathBuf,
    url: String,
}

impl Pooler {
    /// Between the test and its database: two connections, in turn.
    fn start(database: &Isolated<PgConnection>) -> Self {
        let Address {
            user,
            password,
            host,
            port,
            database: name,
        } = postgres_address();
        let password = match &*password {
            "" => String::new(),
            password => format!("password='{password}'"),
        };
        let url = database.url();
        let (_, schema) = url.rsplit_once("%3D").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own_port = listener.local_addr().unwrap().port();
        drop(listener);
        let config = std::env::temp_dir().join(format!("{schema}.ini"));
        let settings = format!(
            "[databases]
             test = host={host} port={port} dbname={name} user={user} {password} \
             connect_query='SET search_path TO {schema}'
             [pgbouncer]
             listen_addr = 127.0.0.1
             listen_port = {own_port}
             unix_socket_dir =
             auth_type = any
             pool_mode = transaction
             min_pool_size = 2
             default_pool_size = 2
             server_round_robin = 1"
        );
        std::fs::write(&config, settings).unwrap();
        let mut process = Command::new("pgbouncer")
            .args(["-q", "-u", "nobody"])
            .arg(&config)
            .stdin(Stdio::null())
            .spawn()
            .expect("pgbouncer is installed");
        while TcpStream::connect(("127.0.0.1", own_port)).is_err() {
            assert_eq!(process.try_wait().unwrap(), None, "pgbouncer has ended");
            std::thread::yield_now();
        }
        Self {
            process,
            config,
            url: format!("postgres://{user}@127.0.0.1:{own_port}/test"),
        }
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        std::fs::remove_file(&self.config).unwrap();
    }
}

fn every_call(bob: &Person, conn: &mut PgConnection) -> QueryResult<()> {
    bob.set_liked_toots([2, 3], conn)?;
    bob.add_liked_toots([1, 2], conn)?;
    bob.remove_liked_toot(1, conn)?;
    let tree = (Person::TOOTS, Person::LIKED_TOOTS);
    people::table.include(tree).load(conn)?;
    bob.toots(conn).map(drop)
}

#[test]
fn without_a_cache_of_statements_a_pooler_may_change_the_connection() {
    let database = &mut shared_sample::<PgConnection>();
    let pooler = Pooler::start(database);
    let bob = bob(database);
    let connect = || PgConnection::establish(&pooler.url).unwrap();
    let rounds = |conns: &mut [PgConnection]| {
        let mut done = Ok(());
        for _ in 0..20 {
            for conn in &mut *conns {
                done = done.and(every_call(&bob, conn));
            }
        }
        done
    };

    let mut conns = [connect(), connect(), connect()];
    for conn in &mut conns {
        conn.set_prepared_statement_cache_size(CacheSize::Disabled);
    }
    assert_eq!(rounds(&mut conns), Ok(()));
    // with it, a name is unknown to one connection, or known to another
    let error = rounds(&mut [connect(), connect(), connect()]).unwrap_err();
    assert!(error.to_string().contains("prepared statement"), "{error}");
}
