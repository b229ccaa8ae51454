"""Names of variables that make a program run or trust something.

A parameter's name is data: who may write a parameter below a path must not choose what a function
loads, executes or believes. So no variable of such a name is made of a parameter below a path; one
that the function itself declares by that name is its owner's own choice.

Each entry of `SOURCES` says whose names they are, where those are documented, and which they are. A
name that ends with `*` stands for all that begin so, where new ones keep coming. Case counts, as it
does for the programs.
"""

from __future__ import annotations

from collections.abc import Mapping
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
            "NIS_PATH NLSPATH RES_OPTIONS RESOLV_HOST_CONF TMPDIR TZDIR",
        ),
        "shells": _documented(
            "https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html",
            "BASH_* BASHOPTS CDPATH ENV FPATH HOME IFS PATH PROMPT_COMMAND PS0 PS1 PS2 PS4 "
            "SHELL SHELLOPTS XDG_* ZDOTDIR",
        ),
        "editors, pagers": _documented(
            "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html",
            "BROWSER EDITOR LESSCLOSE LESSOPEN MANPAGER PAGER TERMINFO TERMINFO_DIRS VISUAL",
        ),
        "Python": _documented(
            "https://docs.python.org/3/using/cmdline.html#environment-variables",
            "PYTHON*",
        ),
        "Node.js": _documented(
            "https://nodejs.org/api/cli.html#environment-variables",
            "NODE_COMPILE_CACHE NODE_DEBUG NODE_DEBUG_NATIVE NODE_EXTRA_CA_CERTS "
            "NODE_ICU_DATA NODE_OPTIONS NODE_PATH NODE_PRESERVE_SYMLINKS "
            "NODE_PRESERVE_SYMLINKS_MAIN NODE_REDIRECT_WARNINGS NODE_REPL_EXTERNAL_MODULE "
            "NODE_REPL_HISTORY NODE_TLS_REJECT_UNAUTHORIZED NODE_USE_ENV_PROXY "
            "NODE_USE_SYSTEM_CA NODE_V8_COVERAGE npm_config_* NPM_CONFIG_*",
        ),
        "Java": _documented(
            "https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html",
            "CLASSPATH JAVA_HOME JAVA_OPTS JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS",
        ),
        "Ruby": _documented(
            "https://docs.ruby-lang.org/en/master/ruby/environment_variables_md.html",
            "RUBY* GEM_* BUNDLE_* BUNDLER_*",
        ),
        ".NET": _documented(
            "https://learn.microsoft.com/dotnet/core/tools/dotnet-environment-variables",
            "DOTNET_* COMPlus_* CORECLR_* COR_* ASPNETCORE_HOSTINGSTARTUPASSEMBLIES",
        ),
        "Perl": _documented(
            "https://perldoc.perl.org/perlrun#ENVIRONMENT",
            "PERL*",
        ),
        "PHP": _documented(
            "https://www.php.net/manual/en/configuration.file.php",
            "PHPRC PHP_INI_SCAN_DIR",
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
            "GODEBUG GOFLAGS",
        ),
        "OpenSSL": _documented(
            "https://docs.openssl.org/3.5/man7/openssl-env/",
            "CTLOG_FILE OPENSSL_* QLOGDIR RANDFILE SSL_CERT_DIR SSL_CERT_FILE SSLKEYLOGFILE",
        ),
        "HTTP clients": _documented(
            "https://curl.se/docs/manpage.html#ENVIRONMENT",
            "ALL_PROXY CURL_CA_BUNDLE CURL_HOME HTTP_PROXY HTTPS_PROXY NETRC NO_PROXY "
            "REQUESTS_CA_BUNDLE all_proxy http_proxy https_proxy no_proxy",
        ),
        "Git": _documented(
            "https://git-scm.com/docs/git#_environment_variables",
            "GIT_ASKPASS GIT_CONFIG* GIT_EDITOR GIT_EXEC_PATH GIT_EXTERNAL_DIFF GIT_PAGER "
            "GIT_PROXY_COMMAND GIT_SEQUENCE_EDITOR GIT_SSH GIT_SSH_COMMAND GIT_TEMPLATE_DIR "
            "SSH_ASKPASS",
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
            "LAMBDA_* _HANDLER _X_AMZN_TRACE_ID",
        ),
    }
)
"""Whose names they are, and which."""

_NAMES = tuple(name for each in SOURCES.values() for name in each.names)
_EXACT = frozenset(name for name in _NAMES if not name.endswith("*"))
_BEGINNINGS = tuple(name[:-1] for name in _NAMES if name.endswith("*"))


def steers(name: str) -> bool:
    """Whether a variable of this name makes a program run or trust something."""
    return name in _EXACT or name.startswith(_BEGINNINGS)
