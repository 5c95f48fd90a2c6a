package ai.callmeback.api.auth;

import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.identity.NewUser;
import ai.callmeback.db.identity.Scope;
import ai.callmeback.db.identity.Sessions;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.identity.Users.Credentials;
import ai.callmeback.domain.IdSource;
import ai.callmeback.domain.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Register, sign in, sign out, and what a token is worth. */
@RestController
@RequestMapping("/api/auth")
@Tag(name = "Sign-in")
class AuthController {
    static final int MIN_PASSWORD_LENGTH = 6;
    static final int MAX_PASSWORD_LENGTH = 10_000;

    private final Users users;
    private final Sessions sessions;
    private final SessionTokens tokens;
    private final Passwords passwords;
    private final SignInThrottle throttle;
    private final Pseudonyms pseudonyms;
    private final IdSource ids;

    AuthController(
            Users users,
            Sessions sessions,
            SessionTokens tokens,
            Passwords passwords,
            SignInThrottle throttle,
            Pseudonyms pseudonyms,
            IdSource ids) {
        this.users = users;
        this.sessions = sessions;
        this.tokens = tokens;
        this.passwords = passwords;
        this.throttle = throttle;
        this.pseudonyms = pseudonyms;
        this.ids = ids;
    }

    /** A password is any Unicode text of 6 to 10,000 characters. */
    @Schema(name = "Register")
    record RegisterRequest(
            @Schema(example = "kim@example.com", requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String email,

            @Schema(minLength = MIN_PASSWORD_LENGTH, requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String password,

            @Schema(example = "Kim", maxLength = 80, requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String displayName,

            @Schema(example = "+14155550123") @Nullable String phoneNumber,

            @Schema(example = "US", defaultValue = "US") @Nullable
            String country) {}

    @Schema(name = "Login")
    record LoginRequest(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String email,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            String password) {}

    @Schema(name = "Session")
    record SessionView(String token, String tokenType, Instant expiresAt, UserView user) {}

    @Schema(name = "Validation")
    record ValidationView(
            boolean valid,
            String kind,
            List<String> scopes,
            @Nullable Instant expiresAt,
            UserView user) {}

    @PostMapping("/register")
    @ResponseStatus(HttpStatus.CREATED)
    @SecurityRequirements
    @Operation(operationId = "register", summary = "Open an account and sign in")
    @MayAnswer({
        ProblemCode.EMAIL_INVALID,
        ProblemCode.EMAIL_TAKEN,
        ProblemCode.TEXT_TOO_SHORT,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE,
        ProblemCode.INVALID_NUMBER,
        ProblemCode.NUMBER_TYPE_NOT_ALLOWED,
        ProblemCode.COUNTRY_INVALID,
        ProblemCode.TOO_MANY_ATTEMPTS
    })
    Mono<SessionView> register(@RequestBody RegisterRequest body, ServerHttpRequest request) {
        Checks checks = new Checks();
        String email = checks.email("email", body.email());
        String password = checks.password("password", body.password(), MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH);
        Profile profile = Profile.check(checks, body.displayName(), body.phoneNumber(), body.country());
        checks.done();
        UserId id = new UserId(ids.get());
        return throttle.count(throttle.registrationKeys(request))
                .then(Mono.defer(() -> passwords.hash(password)))
                .flatMap(hash -> users.insert(new NewUser(
                        id,
                        email,
                        hash,
                        profile.displayName(),
                        profile.phone(),
                        profile.country(),
                        UserAccount.Role.USER,
                        pseudonyms.next())))
                .flatMap(inserted -> inserted
                        ? users.find(id)
                        : Mono.error(ProblemException.of(
                                ProblemCode.EMAIL_TAKEN, "Sign in instead, or use another e-mail.")))
                .map(this::open);
    }

    @PostMapping("/login")
    @SecurityRequirements
    @Operation(
            operationId = "logIn",
            summary = "Sign in",
            description = "A wrong password and an unknown e-mail get the same answer.")
    @MayAnswer({ProblemCode.INVALID_CREDENTIALS, ProblemCode.ACCOUNT_NOT_ACTIVE, ProblemCode.TOO_MANY_ATTEMPTS})
    Mono<SessionView> login(@RequestBody LoginRequest body, ServerHttpRequest request) {
        if (body.email() == null || body.password() == null) {
            Checks checks = new Checks();
            checks.text("email", body.email(), 0, Integer.MAX_VALUE);
            checks.text("password", body.password(), 0, Integer.MAX_VALUE);
            checks.done();
        }
        String email = String.valueOf(body.email()).strip().toLowerCase(Locale.ROOT);
        String password = String.valueOf(body.password());
        if (!Checks.storable(email) || password.length() > 2 * MAX_PASSWORD_LENGTH) {
            return Mono.error(wrong());
        }
        var keys = throttle.signInKeys(email, request);
        return throttle.count(keys)
                .then(Mono.defer(() -> authenticate(email, password)))
                .flatMap(user -> throttle.forgive(keys).thenReturn(user))
                .map(this::open);
    }

    private Mono<UserAccount> authenticate(String email, String password) {
        return users.findCredentials(email)
                .flatMap(found -> passwords
                        .matches(password, found.passwordHash())
                        .filter(Boolean::booleanValue)
                        .map(ok -> found)
                        .map(Credentials::user)
                        .switchIfEmpty(Mono.error(AuthController::wrong)))
                .switchIfEmpty(
                        Mono.defer(() -> passwords.matchesNobody(password)).flatMap(never -> Mono.error(wrong())))
                .filter(UserAccount::isActive)
                .switchIfEmpty(Mono.error(() -> ProblemException.of(
                        ProblemCode.ACCOUNT_NOT_ACTIVE,
                        "This account is suspended or closed.",
                        "Ask support to reactivate it.")));
    }

    private static ProblemException wrong() {
        return ProblemException.of(ProblemCode.INVALID_CREDENTIALS, "The e-mail or the password is wrong.");
    }

    private SessionView open(UserAccount user) {
        SessionTokens.Issued issued = tokens.issue(user.id());
        return new SessionView(issued.token(), "Bearer", issued.expiresAt(), UserView.of(user));
    }

    @PostMapping("/logout")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "logOut", summary = "Revoke this session token, for good")
    Mono<Void> logout(@CurrentCaller Caller caller) {
        return sessions.revoke(
                caller.id(), caller.credentialId(), caller.expiresAt().orElseThrow());
    }

    @GetMapping("/validate")
    @Operation(
            operationId = "validateToken",
            summary = "What this token is worth",
            description = "401 when it is worth nothing.")
    ValidationView validate(@CurrentCaller Caller caller) {
        return new ValidationView(
                true,
                caller.kind().name().toLowerCase(Locale.ROOT),
                caller.scopes().stream().map(Scope::wire).sorted().toList(),
                caller.expiresAt().orElse(null),
                UserView.of(caller.user()));
    }
}
