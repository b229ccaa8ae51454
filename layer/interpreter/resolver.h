#include <nss.h>

/* No library of the host's may be loaded for a name look-up, whatever its nsswitch.conf says. */
static void resolve_alone(void) {
  __nss_configure_lookup("hosts", "files dns");
  __nss_configure_lookup("services", "files");
  __nss_configure_lookup("protocols", "files");
  __nss_configure_lookup("passwd", "files");
  __nss_configure_lookup("group", "files");
}
