# shellcheck shell=bash
# Reads secrets from the Warmkey layer's endpoint on localhost.

# warmkey_get ALIAS prints the secret, or why there is none, and then it returns 1. The alias goes
# into the URL as it is: percent-encode what holds more than letters, digits and -._~/
#
# The token goes to curl over a pipe, as everyone may read a command line. What is printed belongs
# into a variable, "$(warmkey_get …)", and from there over a pipe, too.
warmkey_get() {
  local port=${WARMKEY_PORT:-${PARAMETERS_SECRETS_EXTENSION_HTTP_PORT:-2773}} answer
  local token=${WARMKEY_TOKEN:-${AWS_SESSION_TOKEN:-${AWS_CONTAINER_AUTHORIZATION_TOKEN:-}}}
  answer=$(printf 'X-Aws-Parameters-Secrets-Token: %s\n' "$token" |
    curl --silent --show-error --noproxy '*' --max-time 30 --fail-with-body --header @- \
      "http://127.0.0.1:$port/v1/secrets/$1") || {
    printf 'secret "%s": %s' "$1" "$(warmkey_reason "$answer")"
    return 1
  }
  printf '%s' "$answer"
}

# warmkey_reason PROBLEM prints detail and hint of a problem document (RFC 9457).
warmkey_reason() {
  local string='"(([^"\\]|\\.)*)"' detail="no answer; is Warmkey's layer attached?" hint=
  if [[ $1 =~ \"detail\":\ *$string ]]; then detail=${BASH_REMATCH[1]}; fi
  if [[ $1 =~ \"hint\":\ *$string ]]; then hint=" (${BASH_REMATCH[1]})"; fi
  detail+=$hint
  printf '%b' "${detail//\\\"/\"}" # without JSON's escapes
}
