package ai.callmeback.simulators.twilio;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the vendor knows of a call, and goes on knowing when the call is over. */
record CallRecord(
        String sid,
        String accountSid,
        String to,
        String from,
        boolean inbound,
        CallStatus status,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        long queueMillis,
        @Nullable Long durationSeconds,
        @Nullable BigDecimal priceUsd,
        @Nullable String answeredBy) {

    CallRecord {
        // Also what is read from a file may lack them.
        Objects.requireNonNull(sid);
        Objects.requireNonNull(accountSid);
        Objects.requireNonNull(to);
        Objects.requireNonNull(from);
        Objects.requireNonNull(status);
        Objects.requireNonNull(createdAt);
        Objects.requireNonNull(updatedAt);
    }

    long billedMinutes() {
        return durationSeconds == null ? 0 : Math.ceilDiv(durationSeconds, 60L);
    }

    boolean detectedMachines() {
        return answeredBy != null;
    }

    /**
     * As found by an exchange that has just started: nobody is on the line any more, and what was talked since the record
     * was written is not known, so it is not billed. A price that was still to come is there.
     */
    CallRecord afterRestart(TwilioSettings settings) {
        if (!status.over()) {
            CallStatus end = status == CallStatus.IN_PROGRESS ? CallStatus.COMPLETED : CallStatus.FAILED;
            return ended(end, updatedAt, 0L, BigDecimal.ZERO);
        }
        return priceUsd == null && billedMinutes() > 0
                ? ended(
                        status,
                        endedAt,
                        durationSeconds,
                        settings.perMinuteUsd(inbound).multiply(BigDecimal.valueOf(billedMinutes())))
                : this;
    }

    private CallRecord ended(CallStatus end, @Nullable Instant at, @Nullable Long seconds, BigDecimal price) {
        return new CallRecord(
                sid,
                accountSid,
                to,
                from,
                inbound,
                end,
                createdAt,
                updatedAt,
                startedAt,
                at,
                queueMillis,
                seconds,
                price,
                answeredBy);
    }
}
