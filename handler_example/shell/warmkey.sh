# shellcheck shell=bash
# Reads secrets from the Warmkey layer's endpoint on localhost, or from a sidecar's Unix socket.

# warmkey_get ALIAS prints the secret, or why there is none, and then it returns 1. The alias goes
# into the URL as it is: percent-encode what holds more than letters, digits and -._~/
#
# The token goes to curl over a pipe, as everyone may read a command line. What is printed belongs
# into a variable, "$(warmkey_get …)", and from there over a pipe, too.
warmkey_get() {
  local answer status both='' current
  answer=$(warmkey_ask "$1" "$warmkey_started") status=${answer##*$'\n'}
  current=$(warmkey_token)
  if [[ $status == 403 && $current != "$warmkey_started" ]]; then
    answer=$(warmkey_ask "$1" "$current") status=${answer##*$'\n'}
    both=': neither the token that this process started with nor its current one is accepted'
  fi
  answer=${answer%$'\n'*}
  if [[ $status != 200 ]]; then
    if [[ $status != 403 ]]; then both=''; fi
    printf 'secret "%s": %s%s' "$1" "$(warmkey_reason "$answer")" "$both"
    return 1
  fi
  printf '%s' "$answer"
}

# warmkey_token prints the token that the environment holds now.
warmkey_token() {
  local token=${WARMKEY_TOKEN:-${AWS_SESSION_TOKEN:-${AWS_CONTAINER_AUTHORIZATION_TOKEN:-}}}
  token=${token#"${token%%[![:space:]]*}"} # without white space around it
  printf '%s' "${token%"${token##*[![:space:]]}"}"
}

# A function that takes on another role may put that one's token into its environment.
warmkey_started=$(warmkey_token)

# warmkey_ask ALIAS TOKEN prints the response's body and, on a line of its own, its status.
warmkey_ask() {
  local port=${WARMKEY_PORT:-${PARAMETERS_SECRETS_EXTENSION_HTTP_PORT:-2773}} socket=()
  if [[ ${WARMKEY_SOCKET:-} ]]; then socket=(--unix-socket "$WARMKEY_SOCKET"); fi
  printf 'X-Aws-Parameters-Secrets-Token: %s\n' "$2" |
    curl --silent --show-error --noproxy '*' --max-time 30 --header @- "${socket[@]}" \
      --write-out '\n%{http_code}' "http://127.0.0.1:$port/v1/secrets/$1" || true
}

# warmkey_reason PROBLEM prints detail and hint of a problem document (RFC 9457).
warmkey_reason() {
  local string='"(([^"\\]|\\.)*)"' detail="no answer; is Warmkey's layer attached?" hint=
  if [[ $1 =~ \"detail\":\ *$string ]]; then detail=${BASH_REMATCH[1]}; fi
  if [[ $1 =~ \"hint\":\ *$string ]]; then hint=" (${BASH_REMATCH[1]})"; fi
  detail+=$hint
  printf '%b' "${detail//\\\"/\"}" # without JSON's escapes
}
