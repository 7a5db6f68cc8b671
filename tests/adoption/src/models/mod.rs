//! The models, each beside what inserts and changes it.

mod build;
mod category;
mod comment;
mod dependency;
mod download;
mod film;
mod keyword;
mod krate;
mod owner;
mod token;
mod user;
mod version;

pub use self::build::{BuildLog, BuildStatus};
pub use self::category::{Category, CrateCategory};
pub use self::comment::{Comment, NewComment};
pub use self::dependency::{Dependency, DependencyRow, NewDependency, ReverseDependency};
pub use self::download::{CrateDownload, VersionDownload};
pub use self::film::{Actor, Film, FilmActor, Inventory, Language, NewFilm};
pub use self::keyword::{CrateKeyword, Keyword};
pub use self::krate::{Crate, MinimalCrate, NewCrate, NewCrateBuilder, UpdateCrate};
pub use self::owner::{CrateOwner, NewCrateOwner, Owner, OwnerNote, Team};
pub use self::token::{ApiToken, NewApiToken};
pub use self::user::{Email, Follow, NewUser, PublicUser, User};
pub use self::version::{DefaultVersion, NewVersion, TopVersion, Version};
