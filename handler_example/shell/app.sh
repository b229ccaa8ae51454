# shellcheck shell=bash
# Charges a card with Stripe, with the key of the stage it runs in.
#
# There is no jq where this runs: the JSON is of a known, flat shape, so regular expressions do.

# handle EVENT answers {"order": "an id", "cents": 400}.
handle() {
  local order cents key like='{"order": "an id", "cents": 400}'
  order=$(field order '"([[:alnum:]_-]+)"' "$1") || fail "the event must be like $like"
  cents=$(field cents '([0-9]+)[[:space:]]*[,}]' "$1") || fail "the event must be like $like"
  # At every invocation: a key that is rotated needs no new cold start.
  key=$(warmkey_get stripeSecretKey) || fail "$key"
  charge_card "$order" "$cents" "$key"
}

# charge_card ORDER CENTS KEY charges an order once, however often it is sent.
charge_card() {
  local answer id status
  answer=$(printf 'Authorization: Bearer %s\n' "$3" |
    curl --silent --show-error --max-time 80 --fail-with-body --header @- \
      --header "Idempotency-Key: $1" --header 'Stripe-Version: 2026-10-28.endive' \
      --data "amount=$2" --data currency=usd --data confirm=true \
      --data payment_method=pm_card_visa --data 'allowed_payment_method_types[]=card' \
      --data 'expand[]=latest_charge' --write-out '\n%{http_code}' \
      "${STRIPE_API_BASE:-https://api.stripe.com}/v1/payment_intents") ||
    fail "Stripe: status ${answer##*$'\n'}: $(
      field message '"([^"]*)"' "$answer" || echo 'the log has what curl says'
    )"
  id=$(field id '"(ch_[[:alnum:]_]+)"' "$answer") || fail 'Stripe: no charge was made'
  status=$(field status '"([a-z_]+)"' "$answer") || fail "Stripe: no status of $id"
  printf '{"charge": "%s", "status": "%s"}' "$id" "$status"
}

# field NAME PATTERN JSON prints the first value of that name and form.
field() {
  [[ $3 =~ \"$1\"[[:space:]]*:[[:space:]]*$2 ]] && printf '%s' "${BASH_REMATCH[1]}"
}

# fail REASON prints it and ends the subshell, "$(handle …)".
fail() {
  printf '%s' "$1"
  exit 1
}
