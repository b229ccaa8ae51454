"""Names of variables that make programs run or trust something."""

import string

import pytest

from extension.declared.environment.steering import SOURCES, steers
from extension.declared.environment.variable_name import CHARACTERS, is_valid

# One of each kind that was used to run code, or to make somebody believe something.
USED = (
    "LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES GLIBC_TUNABLES GCONV_PATH "
    "HOSTALIASES RES_OPTIONS MALLOC_TRACE PATH IFS ENV BASH_ENV SHELLOPTS PS4 PROMPT_COMMAND "
    "ZDOTDIR HOME PYTHONPATH PYTHONSTARTUP PYTHONHOME PYTHONWARNINGS PYTHONBREAKPOINT "
    "PYTHONINSPECT NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED "
    "JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS CLASSPATH RUBYOPT RUBYLIB GEM_PATH "
    "BUNDLE_GEMFILE DOTNET_STARTUP_HOOKS DOTNET_ADDITIONAL_DEPS CORECLR_PROFILER_PATH "
    "COR_PROFILER COMPlus_Profiler PERL5OPT PERL5LIB PERLLIB PERL5DB PHPRC LUA_INIT "
    "LUA_INIT_5_4 ERL_AFLAGS GODEBUG OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES SSL_CERT_FILE "
    "SSL_CERT_DIR SSLKEYLOGFILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE HTTPS_PROXY https_proxy "
    "no_proxy GIT_SSH_COMMAND GIT_CONFIG_COUNT KUBECONFIG AWS_CONFIG_FILE AWS_PROFILE "
    "AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_CA_BUNDLE AWS_LAMBDA_EXEC_WRAPPER "
    "AWS_LAMBDA_RUNTIME_API AWS_ACCESS_KEY_ID LAMBDA_TASK_ROOT _HANDLER WARMKEY_NEXT_WRAPPER "
    "WARMKEY_TOKEN WARMKEY_PORT WARMKEY_SOCKET PARAMETERS_SECRETS_EXTENSION_HTTP_PORT "
    "HTTP_PROXY Http_Proxy ftp_proxy GRPC_PROXY npm_config_script_shell Npm_Config_Node_Options "
    "DENO_CERT BUN_INSTALL JAVA_OPTIONS _JAVA_FOO R_PROFILE OTEL_EXPORTER_OTLP_ENDPOINT "
    "ASPNETCORE_URLS NODE_CHANNEL_FD TS_NODE_COMPILER PIP_INDEX_URL CARGO_HOME GOTOOLCHAIN "
    "GIT_SSL_NO_VERIFY SSH_SK_PROVIDER TAR_OPTIONS LESSOPEN INPUTRC VIMINIT MAKEFLAGS ASAN_OPTIONS "
    "DOCKER_HOST KRB5_CONFIG GNUTLS_SYSTEM_PRIORITY_FILE GRPC_DEFAULT_SSL_ROOTS_FILE_PATH "
    "DD_LAMBDA_HANDLER _X_AMZN_TRACE_ID TMPDIR OPENSSL READNULLCMD OPENJ9_JAVA_OPTIONS "
    "SPRING_CONFIG_IMPORT spring_config_import SPRING_APPLICATION_JSON LOADER_PATH loader_path "
    "aspnetcore_hostingstartupassemblies Dotnet_Startup_Hooks ODBCSYSINI LIBMYSQL_PLUGIN_DIR "
    "PGSERVICEFILE PGSYSCONFDIR PGSSLROOTCERT TNS_ADMIN LDAPCONF LDAPTLS_CACERT SASL_CONF_PATH "
    "GIO_EXTRA_MODULES MAGICK_CONFIGURE_PATH GS_LIB FONTCONFIG_FILE "
)


@pytest.mark.parametrize("name", USED.split())
def test_a_name_that_steers_programs_is_known(name: str) -> None:
    """It is in the list."""
    assert steers(name)


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "STRIPE_SECRET_KEY",
        "NODE_ENV",
        "user",
        "path",
        "home",
        "LEVEL",
        "LD",
        "proxy",
        "DD_API_KEY",
        "GOOGLE_API_KEY",
        "GO_KEY",
        *[
            "GIT_TOKEN",
            "DOCKER_PASSWORD",
            "NUGET_API_KEY",
            "MONO_KEY",
            "R_KEY",
            "LESSON",
            "MYPROXY",
            "SPRING_DATASOURCE_PASSWORD",
            "PGPASSWORD",
            "LDAP_PASSWORD",
            "ORACLE_PASSWORD",
        ],
    ],
)
def test_a_name_of_a_secret_or_an_option_is_free(name: str) -> None:
    """Such as are found below paths."""
    assert not steers(name)


@pytest.mark.parametrize("whose", SOURCES)
def test_each_name_of_the_list_has_a_source(whose: str) -> None:
    """And may be a variable's; a star stands at one end alone."""
    source, names = SOURCES[whose]
    assert source.startswith(("https://", "docs/"))
    assert names
    for name in names:
        assert is_valid(name.strip("*"))
        assert steers(name.replace("*", "X"))


def test_no_name_stands_in_the_list_twice() -> None:
    """Nor is one covered by another."""
    names = [name for each in SOURCES.values() for name in each.names]
    for name in names:
        others = [other for other in names if other is not name]
        assert name not in others
        assert not any(other[-1] == "*" and name.startswith(other[:-1]) for other in others)


def test_the_characters_of_a_variable_s_name_are_those_of_posix() -> None:
    """ASCII's letters, digits and _."""
    assert frozenset(string.ascii_letters + string.digits + "_") == CHARACTERS
