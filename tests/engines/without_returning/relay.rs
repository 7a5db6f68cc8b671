//! A relay before the server of the tests.

use orm_tests::database::mysql_url;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// What stands before `RETURNING`, and what a server does that is too old for it.
const SINCE: &[u8] = b"/*M!100500 ";
const NEVER: &[u8] = b"/*M!999999 ";

fn server() -> String {
    let url = mysql_url();
    let server = url.rsplit_once('@').map_or(&*url, |(_, server)| server);
    let server = server.split_once('/').map_or(server, |(server, _)| server);
    server.to_owned()
}

/// The same database, by a relay.
pub(crate) fn relayed(url: &str) -> String {
    let relay = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = relay.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for client in relay.incoming() {
            let client = client.unwrap();
            let server = TcpStream::connect(server()).unwrap();
            for stream in [&client, &server] {
                stream.set_nodelay(true).unwrap();
            }
            let (from, to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || relay_all(from, to, |_| {}));
            thread::spawn(move || relay_all(client, server, age));
        }
    });
    url.replace(&server(), &address)
}

fn relay_all(mut from: TcpStream, mut to: TcpStream, change: impl Fn(&mut [u8])) {
    let mut buffer = vec![0; 1 << 20];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        change(&mut buffer[..count]);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
}

fn age(bytes: &mut [u8]) {
    let places = 0..bytes.len().saturating_sub(SINCE.len() - 1);
    for place in places {
        if bytes[place..].starts_with(SINCE) {
            bytes[place..place + NEVER.len()].copy_from_slice(NEVER);
        }
    }
}
