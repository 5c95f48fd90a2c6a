package ai.callmeback.api.auth;

import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.recording.Recordings;
import ai.callmeback.domain.E164;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The caller's own account. */
@RestController
@RequestMapping("/api/me")
@Tag(name = "Account")
class ProfileController {
    private final Users users;
    private final Recordings recordings;
    private final Clock clock;

    ProfileController(Users users, Recordings recordings, Clock clock) {
        this.users = users;
        this.recordings = recordings;
        this.clock = clock;
    }

    /** What is absent stays; an empty phone number takes the number away. */
    @Schema(name = "ProfileChange")
    record ProfileRequest(
            @Nullable String displayName,
            @Nullable String phoneNumber,
            @Nullable String country,

            @Schema(description = "Consent to recordings of all calls to come, or its withdrawal.") @Nullable
            Boolean recordCalls) {}

    @GetMapping
    @Operation(operationId = "getProfile", summary = "The account")
    UserView me(@CurrentCaller Caller caller) {
        return UserView.of(caller.user());
    }

    @PatchMapping
    @Operation(
            operationId = "changeProfile",
            summary = "Change name, phone number, country or the consent to recordings",
            description = "What is left out stays as it is.")
    @MayAnswer({
        ProblemCode.TEXT_TOO_SHORT,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE,
        ProblemCode.INVALID_NUMBER,
        ProblemCode.NUMBER_TYPE_NOT_ALLOWED,
        ProblemCode.COUNTRY_INVALID
    })
    Mono<UserView> change(@RequestBody ProfileRequest body, @CurrentCaller Caller caller) {
        UserAccount now = caller.user();
        Checks checks = new Checks();
        Profile profile = Profile.check(
                checks,
                body.displayName() == null ? now.displayName() : body.displayName(),
                body.phoneNumber() == null ? now.phone().map(E164::value).orElse(null) : body.phoneNumber(),
                body.country() == null ? now.country() : body.country());
        checks.done();
        return users.updateProfile(now.id(), profile.displayName(), profile.phone(), profile.country())
                .flatMap(user -> consent(user, body.recordCalls()))
                .map(UserView::of)
                .switchIfEmpty(Mono.error(() -> ProblemException.notFound("account")));
    }

    private Mono<UserAccount> consent(UserAccount user, @Nullable Boolean given) {
        if (given == null) {
            return Mono.just(user);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return (given ? recordings.agree(user.id(), now) : recordings.refuse(user.id()))
                .then(Mono.defer(() -> users.find(user.id())));
    }
}
