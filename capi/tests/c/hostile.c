/* What a careless caller may do, under the address sanitizer: each call is refused, and nothing is read or written
 * beyond what it may. The policy is the example's, its path the argument. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/coarsen.h"

static int checks, failed;

static void check_at(int line, int holds, const char *what) {
    checks++;
    if (!holds) {
        failed++;
        fprintf(stderr, "line %d: not so: %s (last error: %s)\n", line, what, coarsen_last_error());
    }
}
#define CHECK(what) check_at(__LINE__, (what), #what)
#define SAYS(what) check_at(__LINE__, strstr(coarsen_last_error(), what) != NULL, "the error says " what)

static const CoarsenDay TODAY = {2026, 11, 24};

/* An exact copy on the heap: the sanitizer sees a byte read too far. */
static char *exactly(const char *bytes, size_t len) {
    char *copy = malloc(len ? len : 1);
    if (!copy) abort();
    memcpy(copy, bytes, len);
    return copy;
}

static CoarsenStatus load(const char *bytes, size_t len, CoarsenPolicy **policy) {
    char *copy = exactly(bytes, len);
    CoarsenStatus status = coarsen_policy_load(copy, len, policy);
    free(copy);
    return status;
}

static void loading(const char *good, size_t len) {
    CoarsenPolicy *policy = (CoarsenPolicy *)&checks;
    CHECK(coarsen_policy_load(NULL, 10, &policy) == COARSEN_STATUS_POINTER && !policy);
    CHECK(coarsen_policy_load(NULL, 0, &policy) == COARSEN_STATUS_POLICY && !policy);
    CHECK(coarsen_policy_load(good, len, NULL) == COARSEN_STATUS_POINTER);
    CHECK(coarsen_policy_load(good, SIZE_MAX, &policy) == COARSEN_STATUS_POINTER && !policy);
    CHECK(load("", 0, &policy) == COARSEN_STATUS_POLICY && !policy);
    CHECK(load("\0", 1, &policy) == COARSEN_STATUS_POLICY && !policy);
    CHECK(load("schema = \"\xc3\x28\"", 13, &policy) == COARSEN_STATUS_UTF8 && !policy);
    SAYS("the first wrong byte is at 10");
    CHECK(load("schema = \"coarsen.policy/9\"\nname = \"a\"\nversion = 1\n", 51, &policy) == COARSEN_STATUS_POLICY);
    SAYS("this program reads `coarsen.policy/1`");
    /* Cut anywhere: refused, or a policy of fewer fields. */
    for (size_t cut = 0; cut < len; cut += 7) {
        CoarsenStatus status = load(good, cut, &policy);
        CHECK((status == COARSEN_STATUS_OK) == (policy != NULL));
        coarsen_policy_free(policy);
    }
    /* Twice into two places: two policies. */
    CoarsenPolicy *first = NULL, *second = NULL;
    CHECK(load(good, len, &first) == COARSEN_STATUS_OK && load(good, len, &second) == COARSEN_STATUS_OK);
    CHECK(first && second && first != second);
    coarsen_policy_free(first);
    CHECK(coarsen_policy_column_count(second) == 5);
    coarsen_policy_free(second);
    coarsen_policy_free(NULL);
}

static void asking(const CoarsenPolicy *policy) {
    CHECK(coarsen_policy_column_count(NULL) == 0 && coarsen_policy_capacity(NULL) == 0);
    CHECK(coarsen_policy_ping_count(NULL) == 0 && coarsen_policy_field_count(NULL) == 0);
    CHECK(coarsen_policy_switch_count(NULL) == 0);
    CHECK(!coarsen_policy_column_name(NULL, 0).data && !coarsen_policy_column_name(policy, SIZE_MAX).data);
    CHECK(!coarsen_policy_ping_name(policy, 2).data && !coarsen_policy_field_name(policy, UINT32_MAX).data);
    CHECK(!coarsen_policy_switch_name(policy, 2).data);
    CHECK(coarsen_policy_column_kind(NULL, 0) == COARSEN_COLUMN_KIND_NONE);
    CHECK(coarsen_policy_column_kind(policy, SIZE_MAX) == COARSEN_COLUMN_KIND_NONE);
    CHECK(coarsen_policy_column(policy, NULL, 0) == -1 && coarsen_policy_column(policy, NULL, 3) == -1);
    CHECK(coarsen_policy_column(policy, "duration_ms\0", 12) == -1);
    CHECK(coarsen_policy_column(policy, "\xff", 1) == -1);
    CHECK(coarsen_policy_column(policy, "duration_ms", 11) == 0);
}

static void consenting(void) {
    CoarsenConsent *consent = coarsen_consent_new();
    CHECK(coarsen_consent_allow(NULL, "playback", 8) == COARSEN_STATUS_POINTER);
    CHECK(coarsen_consent_allow(consent, NULL, 8) == COARSEN_STATUS_POINTER);
    CHECK(coarsen_consent_allow(consent, "\xff\xfe", 2) == COARSEN_STATUS_UTF8);
    CHECK(coarsen_consent_allow(consent, NULL, 0) == COARSEN_STATUS_OK);
    CHECK(coarsen_consent_allow(consent, "play\0back", 9) == COARSEN_STATUS_OK);
    CHECK(coarsen_consent_clear(NULL) == COARSEN_STATUS_POINTER && coarsen_consent_clear(consent) == COARSEN_STATUS_OK);
    coarsen_consent_free(consent);
    coarsen_consent_free(NULL);
}

static void playing(const CoarsenPolicy *policy) {
    size_t columns = coarsen_policy_column_count(policy), capacity = coarsen_policy_capacity(policy), len = 7;
    CoarsenValue *values = calloc(columns, sizeof *values);
    CoarsenSent *sent = calloc(capacity, sizeof *sent);
    CoarsenConsent *on = coarsen_consent_new();
    if (!values || !sent || coarsen_consent_allow(on, "playback", 8)) abort();
    size_t codec = (size_t)coarsen_policy_column(policy, "video_codec", 11);
    CoarsenPlay play = {values, columns, COARSEN_CONTENT_PERSONAL};
#define GENERALIZE(consent) coarsen_generalize(policy, &play, (consent), TODAY, sent, capacity, &len)

    CHECK(coarsen_generalize(NULL, &play, on, TODAY, sent, capacity, &len) == COARSEN_STATUS_POINTER && len == 0);
    CHECK(coarsen_generalize(policy, NULL, on, TODAY, sent, capacity, &len) == COARSEN_STATUS_POINTER);
    CHECK(coarsen_generalize(policy, &play, on, TODAY, NULL, capacity, &len) == COARSEN_STATUS_POINTER);
    CHECK(coarsen_generalize(policy, &play, on, TODAY, sent, capacity, NULL) == COARSEN_STATUS_POINTER);
    CHECK(coarsen_generalize(policy, &play, on, TODAY, sent, capacity - 1, &len) == COARSEN_STATUS_CAPACITY);
    CHECK(coarsen_generalize(policy, &play, on, TODAY, NULL, 0, &len) == COARSEN_STATUS_CAPACITY);
    CHECK(coarsen_generalize(policy, &play, on, (CoarsenDay){2027, 2, 29}, sent, capacity, &len) ==
          COARSEN_STATUS_ARGUMENT);
    CHECK(GENERALIZE(on) == COARSEN_STATUS_OK && len == 4); /* all missing, and that leaves */

    play.len = columns - 1;
    CHECK(GENERALIZE(on) == COARSEN_STATUS_COLUMNS && len == 0);
    play.len = SIZE_MAX;
    CHECK(GENERALIZE(on) == COARSEN_STATUS_COLUMNS);
    play.len = columns;
    play.values = NULL;
    CHECK(GENERALIZE(on) == COARSEN_STATUS_POINTER);
    play.values = (const CoarsenValue *)((const char *)values + 1);
    CHECK(GENERALIZE(on) == COARSEN_STATUS_POINTER);
    play.values = values;
    play.content = 99;
    CHECK(GENERALIZE(on) == COARSEN_STATUS_ARGUMENT);
    play.content = COARSEN_CONTENT_PERSONAL;

    const CoarsenText hostile[] = {{NULL, 4}, {"\xff", 1}, {"a", SIZE_MAX}, {"a\xc3", 2}};
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        values[codec] = (CoarsenValue){.kind = COARSEN_VALUE_KIND_TEXT, .text = hostile[i]};
        CHECK(GENERALIZE(on) == (i % 2 ? COARSEN_STATUS_UTF8 : COARSEN_STATUS_POINTER) && len == 0);
        SAYS("column `video_codec`");
        CHECK(GENERALIZE(NULL) == COARSEN_STATUS_OK && len == 0); /* consent comes first */
    }
    /* Where no field leaves, even a pointer to nowhere is not followed. */
    values[codec].text = (CoarsenText){(const char *)(uintptr_t)8, 8};
    CHECK(GENERALIZE(NULL) == COARSEN_STATUS_OK && len == 0);
    values[codec] = (CoarsenValue){.kind = 0xdeadbeef};
    CHECK(GENERALIZE(on) == COARSEN_STATUS_ARGUMENT);
    char *exact = exactly("a\0b", 3);
    values[codec] = (CoarsenValue){.kind = COARSEN_VALUE_KIND_TEXT, .text = {exact, 3}};
    CHECK(GENERALIZE(on) == COARSEN_STATUS_OK && len == 4);
    CHECK(sent[3].kind == COARSEN_SENT_KIND_TEXT && sent[3].text.len == 5 && !memcmp(sent[3].text.data, "other", 5));
    free(exact);

    /* The error's text lives on while other things are freed, and through calls that succeed. */
    values[codec] = (CoarsenValue){.kind = COARSEN_VALUE_KIND_NUMBER};
    CHECK(GENERALIZE(on) == COARSEN_STATUS_TYPE);
    free(values);
    free(sent);
    coarsen_consent_free(on);
    SAYS("`video_codec` holds a whole number, and field `video_codec` of ping `picture` wants text");
#undef GENERALIZE
}

int main(int argc, char **argv) {
    static char good[65536];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file) {
        fprintf(stderr, "usage: hostile POLICY.toml\n");
        return 2;
    }
    size_t len = fread(good, 1, sizeof good, file);
    fclose(file);
    CHECK(coarsen_last_error() && !*coarsen_last_error());
    loading(good, len);
    consenting();
    CoarsenPolicy *policy = NULL;
    if (load(good, len, &policy) != COARSEN_STATUS_OK) return 1;
    asking(policy);
    playing(policy);
    coarsen_policy_free(policy);
    SAYS("wants text");
    printf("%d checks, %d failed\n", checks, failed);
    return failed != 0;
}
