/* What OpenSSL could use and the daemon declines, because a cold start has to read it: 1.4 of 13 MB.
 *
 * Each function stands in for the one of libcrypto that says whether a thing is to be had, so the linker leaves
 * the thing itself out, and OpenSSL goes on as on a machine, or in a build, without it.
 *
 * - Compressed certificates (RFC 8879): no server is offered the choice, and none of AWS's would take it.
 * - AES-GCM in AVX-512, 0.7 MB of unrolled loops: the AES and PCLMULQDQ instructions decrypt the few KB as fast. */
#include <openssl/bio.h>
#include <openssl/comp.h>

#define WITHOUT(algorithm)                                       \
  COMP_METHOD *COMP_##algorithm(void) { return NULL; }           \
  COMP_METHOD *COMP_##algorithm##_oneshot(void) { return NULL; } \
  const BIO_METHOD *BIO_f_##algorithm(void) { return NULL; }     \
  void ossl_comp_##algorithm##_cleanup(void) {}

WITHOUT(zlib)
WITHOUT(zstd)

#ifdef __x86_64__
/* Declared nowhere public; the rest is called only where this has said yes. */
int ossl_vaes_vpclmulqdq_capable(void) { return 0; }
#define NEVER(function) \
  void function(void) { __builtin_trap(); }
NEVER(ossl_aes_gcm_init_avx512)
NEVER(ossl_aes_gcm_setiv_avx512)
NEVER(ossl_aes_gcm_update_aad_avx512)
NEVER(ossl_aes_gcm_encrypt_avx512)
NEVER(ossl_aes_gcm_decrypt_avx512)
NEVER(ossl_aes_gcm_finalize_avx512)
NEVER(ossl_gcm_gmult_avx512)
#endif
