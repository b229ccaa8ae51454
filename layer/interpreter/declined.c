/* What OpenSSL takes instead of what the daemon declines (declined.txt): of each curve there is one implementation. */
#include <openssl/ec.h>
#include <openssl/err.h>

#define INSTEAD_OF(method, other) \
  const EC_METHOD *method(void);  \
  const EC_METHOD *other(void);   \
  const EC_METHOD *method(void) { return other(); }

/* Multiples of P-256's generator, 0.15 MB, by which a signature is verified in 0.05 ms instead of 0.1. */
INSTEAD_OF(EC_GFp_nistz256_method, EC_GFp_nistp256_method)
INSTEAD_OF(EC_GFp_sm2p256_method, EC_GFp_mont_method)
INSTEAD_OF(EC_GFp_nistp224_method, EC_GFp_mont_method)
INSTEAD_OF(EC_GFp_nistp521_method, EC_GFp_mont_method)

/* Python's modules take for granted that there is one. */
const char *reason_of_error(unsigned long error) {
  const char *reason = ERR_reason_error_string(error);
  return reason ? reason : "refused as unsupported or malformed";
}
