/* Applies a policy to a few plays and prints what leaves.
 *
 *   play POLICY.toml           prints
 *   play POLICY.toml PLAYS     times so many plays instead, on standard error
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../include/coarsen.h"

/* A value that a server knows, by the name of its column. */
struct known {
    const char *column;
    CoarsenValue value;
};

static CoarsenValue number(uint64_t number) {
    return (CoarsenValue){.kind = COARSEN_VALUE_KIND_NUMBER, .number = number};
}

static CoarsenValue text(const char *text) {
    return (CoarsenValue){.kind = COARSEN_VALUE_KIND_TEXT, .text = {text, strlen(text)}};
}

static CoarsenValue flag(int flag) {
    return (CoarsenValue){.kind = COARSEN_VALUE_KIND_FLAG, .flag = flag != 0};
}

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, coarsen_last_error());
    exit(2);
}

static void print(CoarsenText text) {
    printf("%.*s", (int)text.len, text.len ? text.data : "");
}

static void print_sent(const CoarsenPolicy *policy, const CoarsenSent *sent) {
    printf("  ");
    print(coarsen_policy_ping_name(policy, sent->ping));
    if (sent->kind == COARSEN_SENT_KIND_OTHER) {
        printf(": other\n");
        return;
    }
    printf(".");
    print(coarsen_policy_field_name(policy, sent->field));
    printf(": ");
    switch (sent->kind) {
    case COARSEN_SENT_KIND_NUMBER:
        printf("%llu, from %llu", (unsigned long long)sent->representative, (unsigned long long)sent->from);
        if (!sent->is_open) printf(" to below %llu", (unsigned long long)sent->to);
        break;
    case COARSEN_SENT_KIND_TEXT: print(sent->text); break;
    case COARSEN_SENT_KIND_FLAG: printf(sent->flag ? "yes" : "no"); break;
    default: printf("missing");
    }
    printf("\n");
}

/* What is made once and serves every play. */
struct client {
    CoarsenPolicy *policy;
    CoarsenValue *values;
    size_t columns;
    CoarsenSent *sent;
    size_t capacity;
};

static const CoarsenDay TODAY = {2026, 11, 24};

static void play(struct client *client, const char *title, const struct known *known, size_t count,
                 uint32_t content, const CoarsenConsent *consent) {
    printf("%s:\n", title);
    memset(client->values, 0, client->columns * sizeof *client->values); /* all missing */
    for (size_t i = 0; i < count; i++) {
        ptrdiff_t column = coarsen_policy_column(client->policy, known[i].column, strlen(known[i].column));
        if (column < 0)
            printf("  (%s is not in the policy: it stays)\n", known[i].column);
        else
            client->values[column] = known[i].value;
    }
    CoarsenPlay play = {client->values, client->columns, content};
    size_t len;
    CoarsenStatus status =
        coarsen_generalize(client->policy, &play, consent, TODAY, client->sent, client->capacity, &len);
    if (status != COARSEN_STATUS_OK)
        printf("  refused, status %u: %s\n", (unsigned)status, coarsen_last_error());
    else if (len == 0)
        printf("  nothing leaves\n");
    for (size_t i = 0; i < len; i++) print_sent(client->policy, &client->sent[i]);
}

static void print_all(struct client *client) {
    CoarsenConsent *off = coarsen_consent_new(), *on = coarsen_consent_new(), *all = coarsen_consent_new();
    if (!off || !on || !all) fail("consent");
    if (coarsen_consent_allow(on, "playback", 8) || coarsen_consent_allow(all, "playback", 8) ||
        coarsen_consent_allow(all, "marketing", 9))
        fail("consent");

    const struct known movie[] = {
        {"duration_ms", number(5423417)}, {"completed", flag(1)},      {"bitrate_bps", number(4000123)},
        {"video_codec", text("hevc")},    {"campaign", text("fall")}, {"file_name", text("secret.mkv")},
    };
    const struct known wrong[] = {{"duration_ms", text("5423417")}};
    const struct known endless[] = {{"duration_ms", number(UINT64_MAX)}, {"video_codec", text("theora")}};
    play(client, "the owner has switched nothing on", movie, 6, COARSEN_CONTENT_PERSONAL, off);
    play(client, "playback is on", movie, 6, COARSEN_CONTENT_PERSONAL, on);
    play(client, "marketing too, of personal content", movie, 5, COARSEN_CONTENT_PERSONAL, all);
    play(client, "marketing too, of provided content", movie, 5, COARSEN_CONTENT_PROVIDED, all);
    play(client, "a length in text", wrong, 1, COARSEN_CONTENT_PERSONAL, on);
    play(client, "the same, switched off", wrong, 1, COARSEN_CONTENT_PERSONAL, NULL);
    play(client, "rare, and a codec in no group", endless, 2, COARSEN_CONTENT_PERSONAL, on);
    coarsen_consent_free(off);
    coarsen_consent_free(on);
    coarsen_consent_free(all);
}

static void time_all(struct client *client, unsigned long plays) {
    CoarsenConsent *consent = coarsen_consent_new();
    for (size_t i = 0; i < coarsen_policy_switch_count(client->policy); i++) {
        CoarsenText name = coarsen_policy_switch_name(client->policy, i);
        if (coarsen_consent_allow(consent, name.data, name.len)) fail("consent");
    }
    uint64_t sum = 0, items = 0;
    clock_t from = clock();
    for (unsigned long i = 0; i < plays; i++) {
        for (size_t column = 0; column < client->columns; column++) {
            switch (coarsen_policy_column_kind(client->policy, column)) {
            case COARSEN_COLUMN_KIND_CATEGORY: client->values[column] = text("hevc"); break;
            case COARSEN_COLUMN_KIND_FLAG: client->values[column] = flag(i % 2); break;
            default: client->values[column] = number(i * 7777 % 10000000);
            }
        }
        CoarsenPlay play = {client->values, client->columns, COARSEN_CONTENT_PERSONAL};
        size_t len;
        if (coarsen_generalize(client->policy, &play, consent, TODAY, client->sent, client->capacity, &len))
            fail("play");
        for (size_t item = 0; item < len; item++) sum += client->sent[item].representative;
        items += len;
    }
    double ns = (double)(clock() - from) * (1e9 / CLOCKS_PER_SEC);
    fprintf(stderr, "%.1f ns of CPU time a play, %.1f things leave of each (sum %llu)\n", ns / (double)plays,
            (double)items / (double)plays, (unsigned long long)sum);
    coarsen_consent_free(consent);
}

/* The whole file, to be freed. */
static char *read_file(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    *len = 0;
    if (!file) {
        perror(path);
        exit(2);
    }
    for (size_t room = 4096, got = 1; got; room *= 2) {
        bytes = realloc(bytes, room);
        if (!bytes) abort();
        got = fread(bytes + *len, 1, room - *len, file);
        *len += got;
    }
    fclose(file);
    return bytes;
}

int main(int argc, char **argv) {
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: %s POLICY.toml [PLAYS]\n", argv[0]);
        return 2;
    }
    if (coarsen_abi_version() != COARSEN_ABI_VERSION) {
        fprintf(stderr, "the library is of version %u, the header of %d\n", (unsigned)coarsen_abi_version(),
                COARSEN_ABI_VERSION);
        return 2;
    }
    size_t len;
    char *toml = read_file(argv[1], &len);
    struct client client = {0};
    if (coarsen_policy_load(toml, len, &client.policy) != COARSEN_STATUS_OK) fail(argv[1]);
    free(toml);
    client.columns = coarsen_policy_column_count(client.policy);
    client.capacity = coarsen_policy_capacity(client.policy);
    client.values = calloc(client.columns, sizeof *client.values);
    client.sent = calloc(client.capacity, sizeof *client.sent);
    if (!client.values || !client.sent) abort();
    if (argc == 3)
        time_all(&client, strtoul(argv[2], NULL, 10));
    else
        print_all(&client);
    free(client.sent);
    free(client.values);
    coarsen_policy_free(client.policy);
    return 0;
}
