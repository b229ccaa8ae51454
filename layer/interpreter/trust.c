/* The roots that are trusted unless somebody names others: all of Mozilla's. layer/build/executables/roots.py makes the table.
 *
 * To OpenSSL they are what a folder of certificates is: of each it asks for those with a subject, once it has met a
 * certificate that such a one has issued. So a connection parses the one root that it needs, and pages of the executable
 * with others are never read. Subjects are compared byte by byte first, as issuers' names must be the same bytes
 * (CA/Browser Forum, Baseline Requirements 7.1.4.1). */
#include <openssl/crypto.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdint.h>
#include <zlib.h>

extern const struct {
  uint32_t count;
  struct { uint32_t subject, at, length; } rows[];
} mozilla_roots;

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static X509_LOOKUP_METHOD *method;

/* The store keeps the root, and so its reference; `found` has none of its own (see by_store.c of OpenSSL). */
static int add(X509_STORE *store, X509 *root, X509_OBJECT *found) {
  if (!X509_STORE_add_cert(store, root) || !X509_OBJECT_set1_X509(found, root)) return 0;
  X509_free(root);
  return 1;
}

static int find(X509_LOOKUP *lookup, X509_LOOKUP_TYPE type, const X509_NAME *name, X509_OBJECT *found) {
  const unsigned char *subject;
  size_t length;
  if (type != X509_LU_X509 || !X509_NAME_get0_der(name, &subject, &length)) return 0;
  const uint32_t wanted = (uint32_t)crc32(0, subject, (uInt)length);
  int count = 0;
  for (uint32_t i = 0; i < mozilla_roots.count; i++) {
    if (mozilla_roots.rows[i].subject != wanted) continue;
    const unsigned char *der = (const unsigned char *)&mozilla_roots + mozilla_roots.rows[i].at;
    X509 *root = d2i_X509(NULL, &der, (long)mozilla_roots.rows[i].length);
    if (root && !X509_NAME_cmp(X509_get_subject_name(root), name)) count += add(X509_LOOKUP_get_store(lookup), root, found);
    X509_free(root);
  }
  return count > 0;
}

static void make_method(void) {
  method = X509_LOOKUP_meth_new("Mozilla's roots");
  if (method) X509_LOOKUP_meth_set_get_by_subject(method, find);
}

/* What SSLContext.set_default_verify_paths comes to; in place of files that the environment may name. */
int __wrap_X509_STORE_set_default_paths_ex(X509_STORE *store, OSSL_LIB_CTX *context, const char *properties) {
  return CRYPTO_THREAD_run_once(&once, make_method) && method && X509_STORE_add_lookup(store, method);
}
