/* OpenSSL as the daemon uses it. */
#pragma once
#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <stdlib.h>
#include <string.h>

/* To the provider's tables an algorithm that declined.txt leaves out is one whose own table is empty. OpenSSL makes all
 * algorithms of an operation at its first use, and for each that can't be made an error would be left in its queue, for
 * which SSL_get_error takes a handshake to have failed. So they are not listed. */
static void unlist_declined(void) {
  OSSL_PROVIDER *provider = OSSL_PROVIDER_try_load(NULL, "default", 1);
  if (!provider) abort();
  for (int operation = 1; operation <= OSSL_OP__HIGHEST; operation++) {
    int uncached;
    const OSSL_ALGORITHM *listed = OSSL_PROVIDER_query_operation(provider, operation, &uncached);
    OSSL_ALGORITHM *kept = (OSSL_ALGORITHM *)listed; /* it lies in the writable segment: there is no RELRO */
    for (; listed && listed->algorithm_names; listed++)
      if (listed->implementation->function_id) memmove(kept++, listed, sizeof *listed);
    if (listed) memmove(kept, listed, sizeof *listed);
  }
}

/* OPENSSL_CONF and openssl.cnf can name code to load: read neither. Ciphers outside TLS, and the texts of errors
 * beside those that `_ssl` has of its own, serve nobody here. */
static void set_up_openssl(void) {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS,
                      NULL);
  unlist_declined();
}
