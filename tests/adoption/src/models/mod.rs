//! The models, each beside what inserts and changes it.

pub mod build;
pub mod category;
pub mod comment;
pub mod dependency;
pub mod download;
pub mod film;
pub mod keyword;
pub mod krate;
pub mod owner;
pub mod token;
pub mod user;
pub mod version;

pub use self::build::{BuildLog, BuildStatus};
pub use self::category::{Category, CrateCategory};
pub use self::comment::{Comment, NewComment};
pub use self::dependency::{Dependency, NewDependency, ReverseDependency};
pub use self::download::{CrateDownload, VersionDownload};
pub use self::film::{Actor, Film, FilmActor, Inventory, Language};
pub use self::keyword::{CrateKeyword, Keyword};
pub use self::krate::{Crate, MinimalCrate, NewCrate, UpdateCrate};
pub use self::owner::{CrateOwner, NewCrateOwner, Owner, Team};
pub use self::token::{ApiToken, NewApiToken};
pub use self::user::{Email, Follow, NewUser, PublicUser, User};
pub use self::version::{DefaultVersion, NewVersion, TopVersion, Version};
