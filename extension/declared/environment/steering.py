"""Names of variables that make a program run or trust something.

A parameter's name is data: who may write a parameter below a path must not choose what a function
loads, executes or believes. So no variable of such a name is made of a parameter below a path; one
that the function itself declares by that name is its owner's own choice.

Each entry of `SOURCES` says whose names they are, where those are documented, and which they are. A
`*` stands for whatever is there, where new ones keep coming. Case counts, as it does for the
programs, but for those of npm, .NET and Spring and for proxies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple


class Documented(NamedTuple):
    """Names that a program reads.

    Attributes:
        source: the page that documents them.
        names: the names.
    """

    source: str
    names: tuple[str, ...]


def _documented(source: str, names: str) -> Documented:
    return Documented(source, tuple(names.split()))


SOURCES: Mapping[str, Documented] = MappingProxyType(
    {
        "Warmkey": _documented(
            "docs/reference/settings.md",
            "WARMKEY_* PARAMETERS_SECRETS_EXTENSION_* SSM_PARAMETER_STORE_* SECRETS_MANAGER_*",
        ),
        "dynamic loaders": _documented(
            "https://man7.org/linux/man-pages/man8/ld.so.8.html",
            "LD_* GLIBC_TUNABLES DYLD_*",
        ),
        "C library": _documented(
            "https://sourceware.org/git/?p=glibc.git;f=sysdeps/generic/unsecvars.h",
            "GCONV_PATH GETCONF_DIR HOSTALIASES LOCALDOMAIN LOCPATH MALLOC_* MUSL_LOCPATH "
            "NIS_PATH NLSPATH PCPROFILE_OUTPUT GMON_OUT_PREFIX RES_OPTIONS RESOLV_HOST_CONF TEMP "
            "TMP TMPDIR TZDIR",
        ),
        "shells": _documented(
            "https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html",
            "BASH_* BASHOPTS CDPATH ENV FCEDIT FPATH HISTFILE HOME IFS INPUTRC MODULE_PATH PATH "
            "PROMPT_COMMAND PS0 PS1 PS2 PS4 SHELL SHELLOPTS XDG_*",
        ),
        "zsh": _documented(
            "https://zsh.sourceforge.io/Doc/Release/Parameters.html#Parameters-Used-By-The-Shell",
            "NULLCMD READNULLCMD ZDOTDIR",
        ),
        "editors, pagers": _documented(
            "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html",
            "BROWSER EDITOR EXINIT LESS LESSCLOSE LESSKEY* LESSOPEN MANPAGER PAGER TERMCAP "
            "TERMINFO TERMINFO_DIRS VIMINIT VISUAL",
        ),
        "Python": _documented(
            "https://docs.python.org/3/using/cmdline.html#environment-variables",
            "PYTHON*",
        ),
        "Python's packages": _documented(
            "https://pip.pypa.io/en/stable/topics/configuration/#environment-variables",
            "CONDA_* PIP_* UV_* VIRTUAL_ENV",
        ),
        "Node.js": _documented(
            "https://nodejs.org/api/cli.html#environment-variables",
            "NODE_CHANNEL_FD NODE_COMPILE_CACHE NODE_DEBUG NODE_DEBUG_NATIVE NODE_EXTRA_CA_CERTS "
            "NODE_ICU_DATA NODE_OPTIONS NODE_PATH NODE_PRESERVE_SYMLINKS "
            "NODE_PRESERVE_SYMLINKS_MAIN NODE_REDIRECT_WARNINGS NODE_REPL_EXTERNAL_MODULE "
            "NODE_REPL_HISTORY NODE_TLS_REJECT_UNAUTHORIZED NODE_USE_ENV_PROXY "
            "NODE_UNIQUE_ID NODE_USE_SYSTEM_CA NODE_V8_COVERAGE TS_NODE_*",
        ),
        "npm": _documented(
            "https://docs.npmjs.com/cli/v11/using-npm/config#environment-variables",
            "NPM_CONFIG_*",
        ),
        "Deno": _documented(
            "https://docs.deno.com/runtime/reference/env_variables/",
            "DENO_*",
        ),
        "Bun": _documented(
            "https://bun.com/docs/runtime/env",
            "BUN_*",
        ),
        "Java": _documented(
            "https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html",
            "CATALINA_OPTS CLASSPATH GRADLE_OPTS JAVA_* JDK_* JVM_OPTS MAVEN_ARGS MAVEN_OPTS "
            "_JAVA_*",
        ),
        "OpenJ9": _documented(
            "https://eclipse.dev/openj9/docs/env_var/",
            "IBM_JAVA_OPTIONS OPENJ9_JAVA_OPTIONS",
        ),
        "Spring Boot": _documented(
            "https://docs.spring.io/spring-boot/specification/executable-jar/property-launcher.html",
            "LOADER_* LOGGING_CONFIG SPRING_APPLICATION_JSON SPRING_CONFIG_* SPRING_MAIN_*",
        ),
        "Ruby": _documented(
            "https://docs.ruby-lang.org/en/master/ruby/environment_variables_md.html",
            "RUBY* GEM_* BUNDLE_* BUNDLER_*",
        ),
        ".NET": _documented(
            "https://learn.microsoft.com/dotnet/core/tools/dotnet-environment-variables",
            "ASPNETCORE_* COMPLUS_* COMPlus_* CORECLR_* COR_* DOTNET_* MONO_CONFIG "
            "MONO_ENV_OPTIONS MONO_GAC_PREFIX MONO_PATH NUGET_PACKAGES NUGET_PLUGIN_PATHS",
        ),
        "Perl": _documented(
            "https://perldoc.perl.org/perlrun#ENVIRONMENT",
            "PERL*",
        ),
        "PHP": _documented(
            "https://www.php.net/manual/en/configuration.file.php",
            "COMPOSER COMPOSER_HOME COMPOSER_VENDOR_DIR PHPRC PHP_INI_SCAN_DIR",
        ),
        "Lua": _documented(
            "https://www.lua.org/manual/5.4/manual.html#7",
            "LUA_CPATH* LUA_INIT* LUA_PATH*",
        ),
        "Erlang": _documented(
            "https://www.erlang.org/doc/apps/erts/erl_cmd.html",
            "ERL_AFLAGS ERL_FLAGS ERL_LIBS ERL_ZFLAGS",
        ),
        "Go": _documented(
            "https://pkg.go.dev/runtime#hdr-Environment_Variables",
            "GOAUTH GOBIN GOCOVERDIR GODEBUG GOENV GOFLAGS GOINSECURE GONOSUMDB GOPATH GOPRIVATE "
            "GOPROXY GOROOT GOSUMDB GOTOOLCHAIN GOTRACEBACK",
        ),
        "Rust": _documented(
            "https://doc.rust-lang.org/cargo/reference/environment-variables.html",
            "CARGO_* RUSTC RUSTC_* RUSTDOC RUSTFLAGS RUSTUP_*",
        ),
        "R": _documented(
            "https://stat.ethz.ch/R-manual/R-devel/library/base/html/Startup.html",
            "R_BROWSER R_DEFAULT_PACKAGES R_ENVIRON R_ENVIRON_USER R_HOME R_LIBS R_LIBS_SITE "
            "R_LIBS_USER R_PDFVIEWER R_PROFILE R_PROFILE_USER",
        ),
        "sanitizers": _documented(
            "https://github.com/google/sanitizers/wiki/SanitizerCommonFlags",
            "ASAN_OPTIONS LSAN_OPTIONS MSAN_OPTIONS TSAN_OPTIONS UBSAN_OPTIONS",
        ),
        "make": _documented(
            "https://www.gnu.org/software/make/manual/html_node/Variables_002fRecursion.html",
            "GNUMAKEFLAGS MAKEFILES MAKEFLAGS",
        ),
        "OpenSSL": _documented(
            "https://docs.openssl.org/3.5/man7/openssl-env/",
            "CTLOG_FILE OPENSSL OPENSSL_* QLOGDIR RANDFILE SSL_CERT_DIR SSL_CERT_FILE "
            "SSLKEYLOGFILE",
        ),
        "HTTP clients": _documented(
            "https://curl.se/docs/manpage.html#ENVIRONMENT",
            "CURL_CA_BUNDLE CURL_HOME CURL_SSL_BACKEND NETRC REQUESTS_CA_BUNDLE",
        ),
        "proxies": _documented(
            "https://docs.python.org/3/library/urllib.request.html#urllib.request.getproxies",
            "*_PROXY",
        ),
        "gRPC": _documented(
            "https://github.com/grpc/grpc/blob/master/doc/environment_variables.md",
            "GRPC_*",
        ),
        "GnuTLS": _documented(
            "https://www.gnutls.org/manual/html_node/Debugging-and-auditing.html",
            "GNUTLS_*",
        ),
        "Kerberos": _documented(
            "https://web.mit.edu/kerberos/krb5-latest/doc/admin/env_variables.html",
            "KRB5*",
        ),
        "LDAP": _documented(
            "https://www.openldap.org/software/man.cgi?query=ldap.conf",
            "LDAPCONF LDAPRC LDAPTLS_*",
        ),
        "SASL": _documented(
            "https://www.cyrusimap.org/sasl/sasl/options.html",
            "SASL_CONF_PATH SASL_PATH",
        ),
        "PostgreSQL": _documented(
            "https://www.postgresql.org/docs/current/libpq-envars.html",
            "PGOPTIONS PGPASSFILE PGSERVICE PGSERVICEFILE PGSSL* PGSYSCONFDIR",
        ),
        "MySQL": _documented(
            "https://dev.mysql.com/doc/refman/8.4/en/environment-variables.html",
            "LIBMYSQL_* MYSQL_HOME MYSQL_TEST_LOGIN_FILE",
        ),
        "Oracle": _documented(
            "https://docs.oracle.com/en/database/oracle/oracle-database/19/netrf/"
            "parameters-for-the-sqlnet.ora.html",
            "ORACLE_HOME TNS_ADMIN",
        ),
        "ODBC": _documented(
            "https://www.freebsd.org/cgi/man.cgi?query=unixODBC&sektion=7",
            "ODBCINI ODBCINSTINI ODBCINSTUI ODBCSEARCH ODBCSYSINI",
        ),
        "GLib": _documented(
            "https://docs.gtk.org/gio/overview.html#running-gio-applications",
            "GIO_* GSETTINGS_*",
        ),
        "pictures, documents": _documented(
            "https://imagemagick.org/script/resources.php",
            "FONTCONFIG_* GS_FONTPATH GS_LIB GS_OPTIONS MAGICK_*",
        ),
        "Git": _documented(
            "https://git-scm.com/docs/git#_environment_variables",
            "GIT_ALLOW_PROTOCOL GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_ASKPASS GIT_CONFIG* GIT_DIR "
            "GIT_EDITOR GIT_EXEC_PATH GIT_EXTERNAL_DIFF GIT_OBJECT_DIRECTORY GIT_PAGER "
            "GIT_PROXY_COMMAND GIT_PROXY_SSL_* GIT_SEQUENCE_EDITOR GIT_SSH GIT_SSH_* GIT_SSL_* "
            "GIT_TEMPLATE_DIR GIT_TRACE* GIT_WORK_TREE",
        ),
        "SSH": _documented(
            "https://man.openbsd.org/ssh.1#ENVIRONMENT",
            "CVS_RSH RSYNC_* SSH_ASKPASS SSH_ASKPASS_REQUIRE SSH_AUTH_SOCK SSH_SK_* SVN_SSH",
        ),
        "tar": _documented(
            "https://www.gnu.org/software/tar/manual/html_node/using-tar-options.html",
            "TAPE TAR_OPTIONS",
        ),
        "Docker": _documented(
            "https://docs.docker.com/reference/cli/docker/#environment-variables",
            "DOCKER_CERT_PATH DOCKER_CONFIG DOCKER_CONTEXT DOCKER_HOST DOCKER_TLS "
            "DOCKER_TLS_VERIFY",
        ),
        "OpenTelemetry": _documented(
            "https://opentelemetry.io/docs/languages/sdk-configuration/",
            "OPENTELEMETRY_* OTEL_*",
        ),
        "Datadog": _documented(
            "https://docs.datadoghq.com/serverless/aws_lambda/configuration/",
            "DD_LAMBDA_HANDLER DD_TRACE_AGENT_URL",
        ),
        "New Relic": _documented(
            "https://docs.newrelic.com/docs/serverless-function-monitoring/aws-lambda-monitoring/"
            "instrument-lambda-function/configure-serverless-monitoring-aws/",
            "NEW_RELIC_LAMBDA_HANDLER",
        ),
        "Google Cloud": _documented(
            "https://google.aip.dev/auth/4117",
            "CLOUDSDK_* GOOGLE_APPLICATION_CREDENTIALS GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES",
        ),
        "kubectl": _documented(
            "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
            "KUBECONFIG",
        ),
        "AWS's SDKs": _documented(
            "https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html",
            "AWS_* BOTO_CONFIG",
        ),
        "AWS Lambda": _documented(
            "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
            "LAMBDA_* _HANDLER _X_AMZN_*",
        ),
    }
)
"""Whose names they are, and which."""


def _split(names: Iterable[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole names, and what names begin with."""
    whole: list[str] = []
    beginnings: list[str] = []
    for name in names:
        (beginnings if name.endswith("*") else whole).append(name.rstrip("*"))
    return frozenset(whole), tuple(beginnings)


# Whose names are read whatever their case is. Proxies' are, too.
_ANY_CASE = ("npm", ".NET", "Spring Boot")
_WHOLE, _BEGINNINGS = _split(name for each in SOURCES.values() for name in each.names)
_FOLDED, _FOLDED_BEGINNINGS = _split(n.lower() for whose in _ANY_CASE for n in SOURCES[whose].names)
_PROXY = "_proxy"


def steers(name: str) -> bool:
    """Whether a variable of this name makes a program run or trust something."""
    if name in _WHOLE or name.startswith(_BEGINNINGS):
        return True
    folded = name.lower()
    return folded in _FOLDED or folded.startswith(_FOLDED_BEGINNINGS) or folded.endswith(_PROXY)
