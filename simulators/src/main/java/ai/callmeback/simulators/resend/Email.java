package ai.callmeback.simulators.resend;

import ai.callmeback.simulators.core.Details;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An accepted e-mail.
 *
 * @param lastEvent what has become of it: sent, delivered, bounced…
 */
record Email(
        String id,
        String from,
        List<String> to,
        String subject,
        @Nullable String html,
        @Nullable String text,
        Map<String, String> tags,
        Instant createdAt,
        String lastEvent) {

    Email become(String event) {
        return new Email(id, from, to, subject, html, text, tags, createdAt, event);
    }

    /** As {@code GET /emails/{id}} shows it. */
    Map<String, Object> shown() {
        return Details.of(
                "object", "email",
                "id", id,
                "message_id", "<" + id + "@mail.invalid>",
                "to", to,
                "from", from,
                "created_at", createdAt.toString(),
                "subject", subject,
                "html", html,
                "text", text,
                "last_event", lastEvent);
    }
}
