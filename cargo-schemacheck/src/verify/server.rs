//! The server that is asked, and the databases that are made there: nothing else on it is touched.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls};
use schemacheck_checker::dialect::postgres::VERSIONS;

use super::interrupt::Interrupt;
use super::stop::{Stop, in_words};

/// How the names of databases begin that are made here.
pub const PREFIX: &str = "schemacheck_verify_";

/// A server whose role may make databases.
#[derive(Debug)]
pub struct Server {
    config: Config,
    /// The major version.
    pub major: u32,
    /// The version as the server says it.
    pub version: String,
    /// The role.
    pub role: String,
    /// Whether the role is a superuser.
    pub superuser: bool,
}

impl Server {
    /// Connects to the database that the address names, to find out what server it is.
    ///
    /// # Errors
    ///
    /// When the address is none of Postgres, nobody answers, the version is not known, or the role may not make databases.
    pub fn open(url: &str) -> Result<Server, Stop> {
        let config = address(url)?;
        let mut client = config.connect(NoTls).map_err(|error| unreachable(&error))?;
        let row = client.query_one(
            "SELECT current_setting('server_version_num'), current_setting('server_version'), rolname::text, rolsuper,
                rolcreatedb FROM pg_catalog.pg_roles WHERE rolname = current_user",
            &[],
        )?;
        let number: u32 = row.get::<_, String>(0).parse().unwrap_or_default();
        let server =
            Server { config, major: number / 10_000, version: row.get(1), role: row.get(2), superuser: row.get(3) };
        if !VERSIONS.contains(&server.major) {
            let known = format!("known are Postgres {} to {}", VERSIONS.start(), VERSIONS.end());
            return Err(Stop::new(format!("the server is Postgres {}: {known}", server.version)));
        }
        if !server.superuser && !row.get::<_, bool>(4) {
            let role = &server.role;
            return Err(Stop::new(format!("the role `{role}` may not create databases on this server")).help(format!(
                "verify works in databases of its own only: ALTER ROLE {role} CREATEDB, or name another role"
            )));
        }
        Ok(server)
    }

    fn connect(&self) -> Result<Client, postgres::Error> {
        self.config.connect(NoTls)
    }

    /// Does something with a new empty database, which is dropped whatever comes of it; `say` hears of one that stays.
    ///
    /// # Errors
    ///
    /// What `act` says, or why the database cannot be made.
    pub fn with_database<T>(
        &self,
        interrupt: &Interrupt,
        say: &dyn Fn(&str),
        act: impl FnOnce(&Database<'_>) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        interrupt.check()?;
        let name = format!("{PREFIX}{:016x}", RandomState::new().build_hasher().finish());
        // The first template has nothing in it, whatever the server's owner put into the other.
        self.connect()?
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .map_err(|error| Stop::new(format!("the database `{name}` cannot be created: {}", in_words(&error))))?;
        let database = Database { server: self, name, interrupt };
        let done = catch_unwind(AssertUnwindSafe(|| act(&database)));
        interrupt.spares();
        if let Err(error) = self.drop_database(&database.name) {
            say(&format!(
                "warning: the database `{0}` could not be dropped and is still on the server: {error}\n  \
                 = help: DROP DATABASE {0}",
                database.name
            ));
        }
        done.unwrap_or_else(|panic| resume_unwind(panic))
    }

    fn drop_database(&self, name: &str) -> Result<(), String> {
        let dropped = self
            .connect()
            .and_then(|mut client| client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        dropped.map_err(|error| in_words(&error))
    }
}

/// A database that was made here.
#[derive(Debug)]
pub struct Database<'s> {
    server: &'s Server,
    name: String,
    interrupt: &'s Interrupt,
}

impl Database<'_> {
    /// A new session.
    ///
    /// # Errors
    ///
    /// What the driver says, or that all is to stop.
    pub fn connect(&self) -> Result<Client, Stop> {
        self.interrupt.check()?;
        let client = self.server.config.clone().dbname(&self.name).connect(NoTls)?;
        self.interrupt.follows(&client);
        Ok(client)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn address(url: &str) -> Result<Config, Stop> {
    let scheme =
        url.split_once("://").map(|(scheme, _)| scheme).or_else(|| url.split_once(':').map(|(scheme, _)| scheme));
    let tls =
        "this build speaks to servers without TLS only: forward the port (ssh -L), or use a server beside the job";
    if let Some(scheme) = scheme.filter(|scheme| scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)))
        && !["postgres", "postgresql"].contains(&scheme)
    {
        return Err(Stop::new(format!("the address is not one of Postgres: it begins with `{scheme}:`"))
            .help("verify asks a Postgres server: postgres://USER:PASSWORD@HOST:PORT/DATABASE"));
    }
    if ["sslmode=require", "sslmode=verify"].iter().any(|demand| url.contains(demand)) {
        return Err(Stop::new("the address demands TLS (sslmode)").help(tls));
    }
    let mut config: Config = url.parse().map_err(|error: postgres::Error| {
        // The driver's words name the parameter, and no password.
        Stop::new(format!("the address cannot be read: {}", in_words(&error)))
            .help("it looks like postgres://USER:PASSWORD@HOST:PORT/DATABASE")
    })?;
    if config.get_ssl_mode() == SslMode::Require {
        return Err(Stop::new("the address demands TLS (sslmode)").help(tls));
    }
    config.ssl_mode(SslMode::Disable);
    if config.get_application_name().is_none() {
        config.application_name("schemacheck verify");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(std::time::Duration::from_secs(10));
    }
    Ok(config)
}

fn unreachable(error: &postgres::Error) -> Stop {
    let words = in_words(error);
    let stop = Stop::new(format!("the server cannot be reached: {words}"));
    if words.contains("no encryption") || words.contains("SSL off") {
        return stop.help("the server takes sessions with TLS only, and this build speaks without");
    }
    stop
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        address(url).err().map(|stop| stop.message).unwrap_or_default()
    }

    #[test]
    fn addresses_of_others_are_refused_and_passwords_are_not_shown() {
        for url in ["mysql://root:secret@localhost/shop", "sqlite:shop.db", "sqlite::memory:"] {
            let said = refused(url);
            assert!(
                said.starts_with("the address is not one of Postgres") && !said.contains("secret"),
                "{url}: {said}"
            );
        }
        assert!(refused("postgres://a:secret@h:port/x").starts_with("the address cannot be read"));
        assert!(!refused("postgres://a:secret@h:port/x").contains("secret"));
        assert!(refused("shop.db").starts_with("the address cannot be read"));
        for url in ["postgres://h/x?sslmode=require", "postgres://h/x?sslmode=verify-full", "host=h sslmode=require"] {
            assert_eq!(refused(url), "the address demands TLS (sslmode)");
        }
        for url in
            ["postgres://u:p@h:5432/x", "postgresql:///x?host=/tmp", "host=/tmp user=u", "postgres://h?sslmode=prefer"]
        {
            assert_eq!(refused(url), "", "{url}");
        }
    }
}
