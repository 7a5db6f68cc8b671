//! SeaORM 2 without `async`, on rusqlite.

/// What stands for the runtime.
struct Blocking;

impl Blocking {
    fn block_on<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        work()
    }
}

include!(concat!(env!("OUT_DIR"), "/program.rs"));
