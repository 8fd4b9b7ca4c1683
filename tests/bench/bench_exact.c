/* retort with PCRE2 asked for every token, to tell what the scanner that spares it does: linked in
 * place of the function that it wraps (ld --wrap), the rest of the program is the same. */
#include "features/scan.h"

struct scan __real_retort_scan_begin(struct scanner *scanner, struct retort_span text);
struct scan __wrap_retort_scan_begin(struct scanner *scanner, struct retort_span text);

struct scan __wrap_retort_scan_begin(struct scanner *scanner, struct retort_span text)
{
    scanner->exact = true;
    return __real_retort_scan_begin(scanner, text);
}
