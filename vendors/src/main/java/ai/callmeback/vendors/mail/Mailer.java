package ai.callmeback.vendors.mail;

import reactor.core.publisher.Mono;

/** Port: e-mail. */
public interface Mailer {

    /**
     * Sends, with retries where they can help. The vendor keeps {@code idempotencyKey} for 24 hours: the same e-mail
     * under the same key is sent once, another one under it is {@link MailOutcome.Refused} as a conflict.
     *
     * @param idempotencyKey {@code <event>/<entity>}, 1 to 256 characters
     */
    Mono<MailOutcome> send(Email email, String idempotencyKey);
}
