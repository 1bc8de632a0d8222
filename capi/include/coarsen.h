/* The client core of coarsen: load a policy, apply it to plays. Written by cbindgen from capi/src: edit that.
 *
 *   coarsen_policy_load       reads a policy, once
 *   coarsen_consent_new       holds what an owner has switched on
 *   coarsen_generalize        writes what of a play may leave; everything else stays
 *   coarsen_last_error        says in words why a call failed
 *
 * No call has a clock, starts a thread or lets an exception out. Nothing is global but the text of
 * each thread's last error. A text is UTF-8 with a length: no NUL behind it.
 */

#ifndef COARSEN_H
#define COARSEN_H

#include <stddef.h>
#include <stdint.h>

// The version of this interface. It rises when a function, a struct or the meaning of either changes.
#define COARSEN_ABI_VERSION 1

// How a call ended.
enum CoarsenStatus
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Done.
  COARSEN_STATUS_OK = 0,
  // A pointer is null where something must be, or misaligned, or its length is more than memory can hold.
  COARSEN_STATUS_POINTER = 1,
  // A text is not UTF-8.
  COARSEN_STATUS_UTF8 = 2,
  // The policy can't be read, or it contradicts itself: the error's text says where, and the mend.
  COARSEN_STATUS_POLICY = 3,
  // The play has not one value for each column of the policy.
  COARSEN_STATUS_COLUMNS = 4,
  // A field that leaves finds a value of another type.
  COARSEN_STATUS_TYPE = 5,
  // A kind of value, a content or a day that there is none of.
  COARSEN_STATUS_ARGUMENT = 6,
  // The array for what leaves is shorter than `coarsen_policy_capacity`.
  COARSEN_STATUS_CAPACITY = 7,
  // A fault of this library. Nothing was sent; the policy may still be used.
  COARSEN_STATUS_INTERNAL = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CoarsenStatus CoarsenStatus;
#else
typedef uint32_t CoarsenStatus;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What a column holds.
enum CoarsenColumnKind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // There is no such column.
  COARSEN_COLUMN_KIND_NONE = 0,
  // Whole milliseconds, as a number.
  COARSEN_COLUMN_KIND_DURATION = 1,
  // Whole bits per second, as a number.
  COARSEN_COLUMN_KIND_BITRATE = 2,
  // A plain whole number.
  COARSEN_COLUMN_KIND_INTEGER = 3,
  // One of a set of names, as text.
  COARSEN_COLUMN_KIND_CATEGORY = 4,
  // Yes or no.
  COARSEN_COLUMN_KIND_FLAG = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CoarsenColumnKind CoarsenColumnKind;
#else
typedef uint32_t CoarsenColumnKind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What leaves of a field.
enum CoarsenSentKind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // That nothing is known.
  COARSEN_SENT_KIND_MISSING = 0,
  // A bucket, and the number that stands for it.
  COARSEN_SENT_KIND_NUMBER = 1,
  // `text`: a name, the value's or its group's.
  COARSEN_SENT_KIND_TEXT = 2,
  // `flag`: yes or no.
  COARSEN_SENT_KIND_FLAG = 3,
  // The ping leaves as the one symbol `other`, without fields: this stands for the whole ping.
  COARSEN_SENT_KIND_OTHER = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CoarsenSentKind CoarsenSentKind;
#else
typedef uint32_t CoarsenSentKind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What a value is.
enum CoarsenValueKind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Nothing known; a column of any kind may hold it.
  COARSEN_VALUE_KIND_MISSING = 0,
  // `number`: milliseconds, bit/s or a count.
  COARSEN_VALUE_KIND_NUMBER = 1,
  // `text`: the name of a category.
  COARSEN_VALUE_KIND_TEXT = 2,
  // `flag`: yes or no.
  COARSEN_VALUE_KIND_FLAG = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CoarsenValueKind CoarsenValueKind;
#else
typedef uint32_t CoarsenValueKind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Whose content was played.
enum CoarsenContent
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // The owner's own.
  COARSEN_CONTENT_PERSONAL = 0,
  // Provided by a service.
  COARSEN_CONTENT_PROVIDED = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum CoarsenContent CoarsenContent;
#else
typedef uint32_t CoarsenContent;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// The switches that are on; every other is off, and `essential` needs none. One object for each owner, changed when
// the owner changes a setting, is enough: a play only reads it. Not to be changed while another thread uses it.
typedef struct CoarsenConsent CoarsenConsent;

// A policy, ready to be applied. It never changes: any number of threads may use it at once.
typedef struct CoarsenPolicy CoarsenPolicy;

// Text: `len` bytes of UTF-8, with no NUL behind them and maybe some among them. `data` may be null where `len` is 0.
typedef struct CoarsenText {
  // The first byte.
  const char *data;
  // How many bytes.
  size_t len;
} CoarsenText;

// A value of a play. All bytes zero: missing.
typedef struct CoarsenValue {
  // A `CoarsenValueKind`.
  uint32_t kind;
  // 0 for no, anything else for yes; read where it is a flag.
  uint32_t flag;
  // Read where it is a number.
  uint64_t number;
  // Read where it is text, and only if a field that is made of it leaves.
  struct CoarsenText text;
} CoarsenValue;

// One play.
typedef struct CoarsenPlay {
  // A value for each column of the policy, in their order.
  const struct CoarsenValue *values;
  // How many values: `coarsen_policy_column_count`.
  size_t len;
  // A `CoarsenContent`.
  uint32_t content;
} CoarsenPlay;

// A day of the calendar.
typedef struct CoarsenDay {
  // 0 to 9999.
  uint16_t year;
  // 1 to 12.
  uint8_t month;
  // 1 to 31.
  uint8_t day;
} CoarsenDay;

// One thing that leaves. What its kind doesn't speak of is zero.
typedef struct CoarsenSent {
  // The number of the ping that it leaves in; the things of one ping stand in a row.
  uint32_t ping;
  // The number of the field; of the symbol `other`, 4294967295, which no field has.
  uint32_t field;
  // What leaves.
  CoarsenSentKind kind;
  // 1 for yes, 0 for no.
  uint32_t flag;
  // The number to send: it stands for its bucket.
  uint64_t representative;
  // The smallest number of the bucket.
  uint64_t from;
  // The smallest number above the bucket; 0 where it is open.
  uint64_t to;
  // 1 where the bucket has no end, else 0.
  uint32_t is_open;
  // A name. It lies in the policy or in the play's own text, and lives no longer than both.
  struct CoarsenText text;
} CoarsenSent;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The version of the interface that the library has: compare it with `COARSEN_ABI_VERSION` of the header.
uint32_t coarsen_abi_version(void);

// What was wrong with the last call on this thread that failed, as UTF-8 that ends with a NUL; empty where none did.
// It names columns, fields and what a policy says, never a value of a play. It may have several lines.
//
// Valid until the next call on this thread, and not after the thread's end: copy what is to be kept.
const char *coarsen_last_error(void);

// Reads and checks a policy.
//
// `toml` is the text of the policy file, `len` bytes of UTF-8. `*policy` becomes the policy, or null where the call
// fails; what it was before is overwritten, not freed.
//
// # Safety
// `toml` leads to `len` bytes, `policy` to a pointer that may be written.
CoarsenStatus coarsen_policy_load(const char *toml,
                                  size_t len,
                                  struct CoarsenPolicy **policy);

// Frees a policy; null is let be. Texts that came from it are gone with it.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`, was not freed yet, and nothing uses it any more.
void coarsen_policy_free(struct CoarsenPolicy *policy);

// How many columns a play has: one value for each, in their order. 0 where `policy` is null.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`.
size_t coarsen_policy_column_count(const struct CoarsenPolicy *policy);

// The name of a column, the first being 0; no text where there is none. Valid as long as the policy.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`.
struct CoarsenText coarsen_policy_column_name(const struct CoarsenPolicy *policy, size_t column);

// The number of the column of that name, `len` bytes; -1 where the policy reads none such, so that nothing of it can
// leave.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`; `name` leads to `len` bytes.
ptrdiff_t coarsen_policy_column(const struct CoarsenPolicy *policy,
                                const char *name,
                                size_t len);

// What a column holds.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`.
CoarsenColumnKind coarsen_policy_column_kind(const struct CoarsenPolicy *policy, size_t column);

// How many pings there are.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`.
size_t coarsen_policy_ping_count(const struct CoarsenPolicy *policy);

// The name of a ping, the first being 0; no text where there is none. Valid as long as the policy.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`.
struct CoarsenText coarsen_policy_ping_name(const struct CoarsenPolicy *policy, size_t ping);

// How many fields the policy lists, over all pings.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`.
size_t coarsen_policy_field_count(const struct CoarsenPolicy *policy);

// The name of a field, the first being 0; no text where there is none. Valid as long as the policy.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`.
struct CoarsenText coarsen_policy_field_name(const struct CoarsenPolicy *policy, size_t field);

// How many switches govern fields, `essential` aside.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`.
size_t coarsen_policy_switch_count(const struct CoarsenPolicy *policy);

// The name of a switch, the first being 0; no text where there is none. Valid as long as the policy.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`.
struct CoarsenText coarsen_policy_switch_name(const struct CoarsenPolicy *policy, size_t place);

// The most that `coarsen_generalize` writes for any play: the length that its array must have.
//
// # Safety
// `policy` is null or came from `coarsen_policy_load`.
size_t coarsen_policy_capacity(const struct CoarsenPolicy *policy);

// Nothing switched on. Free it with `coarsen_consent_free`.
struct CoarsenConsent *coarsen_consent_new(void);

// Switches one on as well: `playback`, `crash`, `marketing` or one's own, `len` bytes of UTF-8. A name that governs
// no field is no error: a policy to come may ask for it.
//
// # Safety
// `consent` is null or came from `coarsen_consent_new`, and nothing else uses it now; `name` leads to `len` bytes.
CoarsenStatus coarsen_consent_allow(struct CoarsenConsent *consent,
                                    const char *name,
                                    size_t len);

// Switches everything off.
//
// # Safety
// `consent` is null or came from `coarsen_consent_new`, and nothing else uses it now.
CoarsenStatus coarsen_consent_clear(struct CoarsenConsent *consent);

// Frees a consent; null is let be.
//
// # Safety
// `consent` is null or came from `coarsen_consent_new`, was not freed yet, and nothing uses it any more.
void coarsen_consent_free(struct CoarsenConsent *consent);

// Writes what of a play may leave, by this policy and consent on that day.
//
// A field leaves if its switch is on, its day is not come, it is for content of the play's kind and its rounding
// isn't `drop`. Consent comes first: a value of which no field leaves is not looked at, so that it can't make the
// call fail, and nor can the pointer of its text. A ping of which nothing leaves does not appear.
//
// `consent` may be null: nothing is switched on. `sent` is an array of at least `coarsen_policy_capacity` items,
// which is checked first, whatever the play; `*len` becomes how many of them were written, ping by ping in the
// policy's order. Where the call fails `*len` is 0, no item is written and nothing may be sent.
//
// O(fields), without allocation for a policy of up to 256 columns, unless it fails. Any number of threads may call it
// with one policy.
//
// # Safety
// `policy` and `consent` are null or came from their functions, and nothing changes them now. `play` leads to a play,
// its `values` to `len` of them; the text of one of which a field leaves leads to as many bytes as it says. `sent`
// leads to `capacity` items and `len` to a number that may be written, and lie apart from all these.
CoarsenStatus coarsen_generalize(const struct CoarsenPolicy *policy,
                                 const struct CoarsenPlay *play,
                                 const struct CoarsenConsent *consent,
                                 struct CoarsenDay as_of,
                                 struct CoarsenSent *sent,
                                 size_t capacity,
                                 size_t *len);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* COARSEN_H */
