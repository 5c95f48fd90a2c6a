package ai.callmeback.simulators.resend;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.Resettable;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Accepted e-mails and the keys under which they were accepted; the oldest of {@value #MAX_EMAILS} go first. */
@Component
class Outbox implements Resettable {
    private record Accepted(String payload, String id, Instant at) {}

    private static final int MAX_EMAILS = 10_000;
    private static final int MAX_RECIPIENTS = 50;
    private static final int MAX_KEY_LENGTH = 256;
    private static final Duration KEY_LIFE = Duration.ofHours(24);

    private final Journal journal;
    private final SimTime time;
    private final Map<String, Email> emails = new LinkedHashMap<>();
    private final Map<String, Accepted> byKey = new LinkedHashMap<>();

    Outbox(Journal journal, SimTime time) {
        this.journal = journal;
        this.time = time;
    }

    /** Accepts an e-mail and returns its id; the same key and payload again returns the same id and sends nothing. */
    synchronized String accept(@Nullable String key, String body) throws ResendError {
        if (key != null && (key.isEmpty() || key.length() > MAX_KEY_LENGTH)) {
            throw new ResendError(
                    400,
                    "invalid_idempotency_key",
                    "The idempotency key must be 1 to 256 characters, got " + key.length());
        }
        JsonNode json = Json.object(body);
        if (json == null) {
            throw new ResendError(422, "validation_error", "The body is not a JSON object.");
        }
        Accepted earlier = key == null ? null : byKey.get(key);
        if (earlier != null && earlier.at.plus(KEY_LIFE).isAfter(time.now())) {
            if (earlier.payload.equals(json.toString())) {
                journal.append("resend", earlier.id, "email.repeated", Details.of("id", earlier.id));
                return earlier.id;
            }
            throw new ResendError(
                    409,
                    "invalid_idempotent_request",
                    "This idempotency key has been used with a different request body.");
        }
        Email email = checked(json);
        remember(email, key, json.toString());
        return email.id();
    }

    synchronized Optional<Email> find(String id) {
        return Optional.ofNullable(emails.get(id));
    }

    /** Records what became of an e-mail. */
    synchronized Optional<Email> become(String id, String event) {
        return Optional.ofNullable(emails.computeIfPresent(id, (same, email) -> email.become(event)));
    }

    @Override
    public synchronized void reset() {
        emails.clear();
        byKey.clear();
    }

    private void remember(Email email, @Nullable String key, String payload) {
        trim(emails);
        emails.put(email.id(), email);
        if (key != null) {
            trim(byKey);
            byKey.put(key, new Accepted(payload, email.id(), time.now()));
        }
        journal.append(
                "resend",
                email.id(),
                "email.accepted",
                Details.of(
                        "id", email.id(),
                        "from", email.from(),
                        "to", email.to(),
                        "subject", email.subject(),
                        "html", email.html(),
                        "text", email.text(),
                        "tags", email.tags(),
                        "idempotencyKey", key));
    }

    private static void trim(Map<String, ?> map) {
        if (map.size() >= MAX_EMAILS) {
            map.remove(map.keySet().iterator().next());
        }
    }

    private Email checked(JsonNode json) throws ResendError {
        String from = required(json, "from");
        if (!from.matches("(?:[^<>]*<)?[^\\s@<>]+@[^\\s@<>]+\\.[^\\s@<>]+>?")) {
            throw new ResendError(
                    422,
                    "invalid_from_address",
                    "Invalid `from` field: use email@example.com or Name <email@example.com>.");
        }
        String subject = required(json, "subject");
        List<String> to = new ArrayList<>();
        JsonNode recipients = json.path("to");
        if (recipients.isString()) {
            to.add(recipients.asString());
        }
        recipients.forEach(recipient -> to.add(recipient.asString("")));
        if (to.isEmpty()) {
            throw new ResendError(422, "missing_required_field", "Missing `to` field.");
        }
        if (to.size() > MAX_RECIPIENTS || !to.stream().allMatch(address -> address.matches(".*[^\\s@]+@[^\\s@]+.*"))) {
            throw new ResendError(422, "validation_error", "Invalid `to` field: at most 50 e-mail addresses.");
        }
        String html = Json.text(json, "html");
        String text = Json.text(json, "text");
        if (html == null && text == null && !json.has("template")) {
            throw new ResendError(422, "missing_required_field", "Missing `html` or `text` field.");
        }
        if (json.has("replyTo")) {
            throw new ResendError(422, "validation_error", "Unknown field `replyTo`, the name is `reply_to`.");
        }
        return new Email(
                UUID.randomUUID().toString(),
                from,
                List.copyOf(to),
                subject,
                html,
                text,
                tags(json),
                time.now(),
                "sent");
    }

    private static Map<String, String> tags(JsonNode json) throws ResendError {
        Map<String, String> tags = new LinkedHashMap<>();
        for (JsonNode tag : json.path("tags")) {
            String name = Json.text(tag, "name");
            String value = Json.text(tag, "value");
            if (name == null
                    || value == null
                    || !name.matches("[A-Za-z0-9_-]{1,256}")
                    || !value.matches("[A-Za-z0-9_-]{1,256}")) {
                throw new ResendError(
                        422,
                        "validation_error",
                        "Tags should only contain ASCII letters, numbers, underscores, or dashes.");
            }
            tags.put(name, value);
        }
        return tags;
    }

    private static String required(JsonNode json, String field) throws ResendError {
        String value = Json.text(json, field);
        if (value == null || value.isBlank()) {
            throw new ResendError(422, "missing_required_field", "Missing `" + field + "` field.");
        }
        return value;
    }
}
