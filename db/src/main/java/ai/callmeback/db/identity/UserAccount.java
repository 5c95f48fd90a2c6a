package ai.callmeback.db.identity;

import ai.callmeback.domain.E164;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallbackPolicy;
import java.time.Instant;
import java.util.Optional;

/**
 * One user. {@link #toString()} names the pseudonym only, so that an account in a log line tells nobody who it is.
 *
 * @param pseudonym what others (search attributes, logs) know the user by
 * @param recordingConsentAt when recordings of all calls to come were agreed to; empty while they are not
 * @param callbackPolicy the user's own policy, where it differs from the default
 */
public record UserAccount(
        UserId id,
        String email,
        String displayName,
        Optional<E164> phone,
        String country,
        Status status,
        Role role,
        String pseudonym,
        Optional<CallbackPolicy> callbackPolicy,
        int maxConcurrentCalls,
        Instant createdAt,
        Optional<Instant> recordingConsentAt) {

    /** Only an active user may sign in or be called. */
    public enum Status {
        ACTIVE,
        SUSPENDED,
        CLOSED
    }

    /** What a person may do beyond their own things: each role includes the ones before it. */
    public enum Role {
        USER,
        FINANCE,
        OPERATOR
    }

    /** False for the account of an unknown caller, which has an address that no mail reaches (RFC 2606). */
    public boolean hasMailbox() {
        return !email.endsWith(".invalid");
    }

    public boolean isActive() {
        return status == Status.ACTIVE;
    }

    @Override
    public String toString() {
        return "UserAccount[" + pseudonym + ", " + status + "]";
    }
}
