/* What a person sees: colours on a terminal only, text that cannot drive it, columns that line
 * up. */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int cli_fail(const struct cli_arguments *arguments, const struct retort_error *error)
{
    fflush(stdout);
    fprintf(stderr, "retort %s: %s\n", arguments->command->name, error->message);
    return (int)error->failure;
}

bool cli_has_colour(FILE *stream)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(fileno(stream)) && !(no_colour && *no_colour) &&
           !(terminal && strcmp(terminal, "dumb") == 0);
}

const char *cli_style(bool colour, enum cli_style style)
{
    static const char *const CODES[] = {"\033[0m",  "\033[1m",  "\033[2m",  "\033[31m",
                                        "\033[32m", "\033[33m", "\033[34m", "\033[36m"};
    return colour ? CODES[style] : "";
}

size_t cli_width(FILE *stream)
{
    struct winsize size;
    if (isatty(fileno(stream)) && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
        return size.ws_col;
    const char *told = getenv("COLUMNS");
    uint64_t columns;
    return told && retort_parse_count(told, &columns) && columns > 20 && columns < 10000
               ? (size_t)columns
               : 100;
}

static bool is_space_or_control(uint32_t code_point)
{
    return code_point <= ' ' || (code_point >= 0x7F && code_point <= 0xA0) ||
           (code_point >= 0x200B && code_point <= 0x200F) ||
           (code_point >= 0x2028 && code_point <= 0x202E) ||
           (code_point >= 0x2060 && code_point <= 0x206F) || code_point == 0xFEFF;
}

void cli_excerpt(struct retort_buffer *out, struct retort_span text, size_t columns, bool pad)
{
    size_t used = 0, cut = out->len; /* where an ellipsis would go */
    bool space = false, cropped = false;
    for (size_t at = 0; at < text.len && !cropped;) {
        uint32_t code_point = retort_utf8_next(text, &at);
        if (is_space_or_control(code_point)) {
            space = used > 0;
            continue;
        }
        size_t width = retort_columns(code_point);
        cropped = used + space + width > columns;
        if (cropped)
            break;
        if (space)
            retort_buffer_byte(out, ' ');
        uint8_t bytes[4];
        retort_buffer_put(out, (struct retort_span){bytes, retort_utf8_put(bytes, code_point)});
        used += space + width;
        space = false;
        if (used < columns)
            cut = out->len;
    }
    if (cropped && columns > 0) {
        bool full = used == columns;
        if (full) {
            out->len = cut;
            used--;
        }
        retort_buffer_text(out, "…");
        used++;
    }
    while (pad && used++ < columns)
        retort_buffer_byte(out, ' ');
}

static bool fail_output(struct retort_error *error)
{
    return retort_fail(error, RETORT_RUNTIME, "cannot write the output: %s", strerror(errno));
}

bool cli_flush(struct retort_buffer *buffer, FILE *stream, struct retort_error *error)
{
    size_t len = buffer->len, put = len ? fwrite(buffer->data, 1, len, stream) : 0;
    retort_buffer_clear(buffer);
    return (put == len && !ferror(stream)) || fail_output(error);
}

bool cli_deliver(struct retort_buffer *buffer, FILE *stream, struct retort_error *error)
{
    return cli_flush(buffer, stream, error) && (fflush(stream) == 0 || fail_output(error));
}
