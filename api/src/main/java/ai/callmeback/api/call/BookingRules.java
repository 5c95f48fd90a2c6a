package ai.callmeback.api.call;

import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.call.NewCall;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.IdSource;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.PlannedDuration;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.domain.scheduling.LocalTimeResolver;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What a booking must be like. The rules that read only the request come first and name every wrong field at once; the
 * ones that depend on the moment ({@link #checkTime}) come later, so that a repeated request is answered as the first.
 */
@Component
class BookingRules {
    private static final int MAX_NUMBER_LENGTH = 40;
    private static final int MAX_KEY_LENGTH = 255;
    private static final List<Integer> DURATIONS = Arrays.stream(PlannedDuration.values())
            .map(PlannedDuration::minutes)
            .toList();

    private final IdSource ids;
    private final Clock clock;

    BookingRules(IdSource ids, Clock clock) {
        this.ids = ids;
        this.clock = clock;
    }

    /** The call as it would be promised; an error names every field that is wrong. */
    NewCall check(NewCallRequest request, @Nullable String idempotencyKey, UserAccount user) {
        Checks checks = new Checks();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String key = key(checks, idempotencyKey);
        Optional<PersonaId> persona = persona(checks, request.personaId());
        Optional<E164> phone = phone(checks, request.phoneNumber(), user);
        Optional<PlannedDuration> planned = planned(checks, request.durationMinutes());
        String pretext = checks.optionalText(
                "pretext", request.pretext(), Limits.PRETEXT_CHARACTERS, ProblemCode.PRETEXT_TOO_LONG);
        NewCall.When when = when(checks, request.scheduledFor(), request.timeZone(), now);
        CallbackPolicy policy = policy(checks, request.callbackPolicy(), user);
        checks.done();
        return new NewCall(
                new CallId(ids.get()),
                user.id(),
                key,
                persona.orElseThrow(),
                pretext,
                phone.orElseThrow(),
                planned.orElseThrow(),
                when,
                policy,
                now);
    }

    /** A wall clock in a zone, for a booking or for moving one; checked, and not in the past. */
    NewCall.When checkNewTime(@Nullable String localTime, @Nullable String timeZone) {
        Checks checks = new Checks();
        Instant now = clock.instant();
        if (localTime == null || localTime.isBlank()) {
            checks.reject("scheduledFor", ProblemCode.FIELD_REQUIRED, "Say to when, as in 2027-03-14T07:00.");
        }
        NewCall.When when = when(checks, localTime, timeZone, now);
        checks.done();
        checkTime(when);
        return when;
    }

    /** That a scheduled time is yet to come, and not too far. */
    void checkTime(NewCall.When when) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (when.immediate()) {
            return;
        }
        if (!when.at().isAfter(now)) {
            throw ProblemException.ofField(new FieldProblem(
                    "scheduledFor",
                    ProblemCode.PAST_TIME,
                    "'scheduledFor' is " + when.at() + ", and it is " + now + " now.",
                    now));
        }
        Instant latest = now.plus(Limits.BOOKABLE_AHEAD);
        if (when.at().isAfter(latest)) {
            throw ProblemException.ofField(new FieldProblem(
                    "scheduledFor",
                    ProblemCode.TOO_FAR_AHEAD,
                    "A call can be booked at most " + Limits.BOOKABLE_AHEAD.toDays() + " days ahead.",
                    latest));
        }
    }

    private static @Nullable String key(Checks checks, @Nullable String key) {
        if (key == null) {
            return null;
        }
        if (key.isEmpty() || key.length() > MAX_KEY_LENGTH || !key.chars().allMatch(c -> c > ' ' && c < 127)) {
            checks.reject(
                    "Idempotency-Key",
                    ProblemCode.IDEMPOTENCY_KEY_INVALID,
                    "Use 1 to " + MAX_KEY_LENGTH + " visible ASCII characters, such as a UUID.",
                    MAX_KEY_LENGTH);
        }
        return key;
    }

    private static Optional<PersonaId> persona(Checks checks, @Nullable String text) {
        if (text == null || text.isBlank()) {
            checks.reject("personaId", ProblemCode.FIELD_REQUIRED, "Say who is to call: see /api/personas.");
            return Optional.empty();
        }
        try {
            return Optional.of(PersonaId.parse(text));
        } catch (IllegalArgumentException e) {
            throw unknownPersona();
        }
    }

    static ProblemException unknownPersona() {
        return ProblemException.ofField(FieldProblem.of(
                "personaId", ProblemCode.UNKNOWN_PERSONA, "There is no such persona: see /api/personas."));
    }

    private static Optional<E164> phone(Checks checks, @Nullable String text, UserAccount user) {
        if (text == null || text.isBlank()) {
            if (user.phone().isEmpty()) {
                checks.reject(
                        "phoneNumber",
                        ProblemCode.FIELD_REQUIRED,
                        "Say whom to ring: the account has no phone number of its own.");
            }
            user.phone().ifPresent(own -> checkCallable(checks, own));
            return user.phone();
        }
        Optional<E164> number = text.length() > MAX_NUMBER_LENGTH ? Optional.empty() : E164.parse(text, user.country());
        if (number.isEmpty()) {
            checks.reject(
                    "phoneNumber",
                    ProblemCode.INVALID_NUMBER,
                    "'phoneNumber' is not a phone number; with country code it begins with '+'.");
        } else {
            checkCallable(checks, number.get());
        }
        return number;
    }

    /** The admission checks the same again: what is allowed may change until then. */
    private static void checkCallable(Checks checks, E164 number) {
        if (number.country().filter(Limits.ALLOWED_COUNTRIES::contains).isEmpty()) {
            checks.reject(
                    "phoneNumber",
                    ProblemCode.COUNTRY_NOT_ALLOWED,
                    "Numbers of this country cannot be called yet.",
                    Limits.ALLOWED_COUNTRIES.stream().sorted().toList());
        } else if (!number.isOrdinaryLine()) {
            checks.reject(
                    "phoneNumber",
                    ProblemCode.NUMBER_TYPE_NOT_ALLOWED,
                    "Premium-rate, shared-cost and other special numbers are not called: use a landline or mobile.");
        }
    }

    private static Optional<PlannedDuration> planned(Checks checks, @Nullable Integer minutes) {
        if (minutes == null) {
            return PlannedDuration.ofMinutes(5);
        }
        Optional<PlannedDuration> planned = PlannedDuration.ofMinutes(minutes);
        if (planned.isEmpty()) {
            checks.reject(
                    "durationMinutes",
                    ProblemCode.INVALID_DURATION,
                    minutes + " minutes are not offered; choose one of " + DURATIONS + ".",
                    DURATIONS);
        }
        return planned;
    }

    private static NewCall.When when(
            Checks checks, @Nullable String localTime, @Nullable String timeZone, Instant now) {
        Optional<ZoneId> zone = LocalTimeResolver.zone(timeZone == null ? "" : timeZone);
        if (timeZone != null && zone.isEmpty()) {
            checks.reject("timeZone", ProblemCode.UNKNOWN_TIME_ZONE, "Use an IANA name such as Europe/Paris.");
        }
        if (localTime == null || localTime.isBlank()) {
            return NewCall.When.now(now, zone.isEmpty() ? null : timeZone);
        }
        if (timeZone == null) {
            checks.reject("timeZone", ProblemCode.FIELD_REQUIRED, "A local time needs its IANA time zone.");
        }
        Optional<LocalDateTime> local = local(localTime.strip());
        if (local.isEmpty()) {
            checks.reject(
                    "scheduledFor",
                    ProblemCode.INVALID_LOCAL_TIME,
                    "Use a local date and time without offset, such as 2027-03-14T07:00.");
        }
        if (zone.isEmpty() || local.isEmpty()) {
            return NewCall.When.now(now);
        }
        Instant at = LocalTimeResolver.resolve(local.get(), zone.get()).instant();
        return new NewCall.When(at, local.get().toString(), Objects.requireNonNull(timeZone));
    }

    private static Optional<LocalDateTime> local(String text) {
        try {
            LocalDateTime time = LocalDateTime.parse(text);
            // Years far out overflow instants and the database's calendar.
            return time.getYear() >= 1970 && time.getYear() <= 9999 ? Optional.of(time) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static CallbackPolicy policy(
            Checks checks, NewCallRequest.@Nullable PolicyRequest request, UserAccount user) {
        CallbackPolicy standard = user.callbackPolicy().orElse(CallbackPolicy.DEFAULT);
        if (request == null) {
            return standard;
        }
        List<Integer> delays = standard.delaysSeconds();
        if (request.delaysSeconds() != null) {
            if (request.delaysSeconds().stream().anyMatch(Objects::isNull)) {
                checks.reject("callbackPolicy.delaysSeconds", ProblemCode.FIELD_TYPE_WRONG, "A wait must be a number.");
                return standard;
            }
            delays = request.delaysSeconds().stream()
                    .map(Objects::requireNonNull)
                    .toList();
        }
        int attempts = request.maxAttempts() == null ? standard.maxAttempts() : request.maxAttempts();
        int giveUp =
                request.giveUpAfterSeconds() == null ? standard.giveUpAfterSeconds() : request.giveUpAfterSeconds();
        boolean triesRight = within(checks, "maxAttempts", "", attempts, 1, CallbackPolicy.MAX_ATTEMPTS);
        boolean endRight = within(
                checks,
                "giveUpAfterSeconds",
                "",
                giveUp,
                CallbackPolicy.MIN_GIVE_UP_SECONDS,
                CallbackPolicy.MAX_GIVE_UP_SECONDS);
        boolean waitsRight = waits(checks, delays, attempts > 1 ? 1 : 0);
        return triesRight && endRight && waitsRight ? new CallbackPolicy(attempts, delays, giveUp) : standard;
    }

    private static boolean waits(Checks checks, List<Integer> delays, int fewest) {
        boolean right = within(
                checks, "delaysSeconds", "the length of ", delays.size(), fewest, CallbackPolicy.MAX_ATTEMPTS - 1);
        for (int delay : delays) {
            right = right
                    && within(
                            checks,
                            "delaysSeconds",
                            "each of ",
                            delay,
                            CallbackPolicy.MIN_DELAY_SECONDS,
                            CallbackPolicy.MAX_DELAY_SECONDS);
        }
        return right;
    }

    private static boolean within(Checks checks, String part, String what, int value, int low, int high) {
        boolean right = value >= low && value <= high;
        if (!right) {
            checks.reject(
                    "callbackPolicy." + part,
                    ProblemCode.INVALID_CALLBACK_POLICY,
                    what + "'" + part + "' must be " + low + " to " + high + ", not " + value + ".",
                    List.of(low, high));
        }
        return right;
    }
}
