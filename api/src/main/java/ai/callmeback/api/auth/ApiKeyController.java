package ai.callmeback.api.auth;

import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.identity.ApiKey;
import ai.callmeback.db.identity.ApiKeys;
import ai.callmeback.db.identity.Scope;
import ai.callmeback.domain.IdSource;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** API keys: only a signed-in person makes, lists and revokes them; a key cannot make keys. */
@RestController
@RequestMapping("/api/api-keys")
@Tag(name = "API keys")
class ApiKeyController {
    private static final int MAX_NAME_LENGTH = 80;
    private static final List<String> SCOPES =
            Arrays.stream(Scope.values()).map(Scope::wire).toList();

    private final ApiKeys keys;
    private final IdSource ids;
    private final SecureRandom random;
    private final Clock clock;

    ApiKeyController(ApiKeys keys, IdSource ids, SecureRandom random, Clock clock) {
        this.keys = keys;
        this.ids = ids;
        this.random = random;
        this.clock = clock;
    }

    @Schema(name = "NewApiKey")
    record NewKeyRequest(
            @Nullable String name,
            @Schema(example = "[\"calls:read\"]") @Nullable List<@Nullable String> scopes,
            @Nullable Instant expiresAt) {}

    /** {@code secret} is there once: in the answer to the request that made the key. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "ApiKey")
    record KeyView(
            String id,
            String name,
            String prefix,
            List<String> scopes,
            Instant createdAt,
            @Nullable Instant lastUsedAt,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable String secret) {
        static KeyView of(ApiKey key, @Nullable String secret) {
            return new KeyView(
                    key.id().toString(),
                    key.name(),
                    key.prefix(),
                    key.scopes().stream().map(Scope::wire).sorted().toList(),
                    key.createdAt(),
                    key.lastUsedAt().orElse(null),
                    key.expiresAt().orElse(null),
                    key.revokedAt().orElse(null),
                    secret);
        }
    }

    @Schema(name = "ApiKeys")
    record KeysView(List<KeyView> apiKeys) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            operationId = "createApiKey",
            summary = "Make a key",
            description = "The secret is shown in this answer and never again.")
    @MayAnswer({
        ProblemCode.TEXT_TOO_SHORT,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE,
        ProblemCode.SCOPE_UNKNOWN,
        ProblemCode.PAST_TIME,
        ProblemCode.TOO_MANY_API_KEYS
    })
    Mono<KeyView> create(@RequestBody NewKeyRequest body, @CurrentCaller Caller caller) {
        Checks checks = new Checks();
        String name = checks.text("name", body.name(), 1, MAX_NAME_LENGTH);
        Set<Scope> scopes = scopes(checks, body.scopes());
        if (body.expiresAt() != null && !body.expiresAt().isAfter(clock.instant())) {
            checks.reject("expiresAt", ProblemCode.PAST_TIME, "'expiresAt' has already passed.", clock.instant());
        }
        checks.done();
        String secret = KeySecrets.make(random);
        return keys.create(
                        ids.get(),
                        caller.id(),
                        name,
                        KeySecrets.prefix(secret),
                        KeySecrets.sha256(secret),
                        scopes,
                        Optional.ofNullable(body.expiresAt()))
                .map(key -> KeyView.of(key, secret))
                .switchIfEmpty(Mono.error(() -> ProblemException.of(
                        ProblemCode.TOO_MANY_API_KEYS,
                        "An account has at most " + ApiKeys.MAX_LIVE_KEYS + " keys in use.",
                        "Revoke a key that is no longer needed.")));
    }

    private static Set<Scope> scopes(Checks checks, @Nullable List<@Nullable String> wanted) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        if (wanted == null || wanted.isEmpty()) {
            checks.reject("scopes", ProblemCode.FIELD_REQUIRED, "Name at least one scope.", SCOPES);
            return scopes;
        }
        for (String text : wanted) {
            Scope.ofWire(String.valueOf(text))
                    .ifPresentOrElse(
                            scopes::add,
                            () -> checks.reject("scopes", ProblemCode.SCOPE_UNKNOWN, "A scope is not known.", SCOPES));
        }
        return scopes;
    }

    @GetMapping
    @Operation(operationId = "listApiKeys", summary = "The account's keys, without their secrets")
    Mono<KeysView> list(@CurrentCaller Caller caller) {
        return keys.list(caller.id())
                .map(key -> KeyView.of(key, null))
                .collectList()
                .map(KeysView::new);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "revokeApiKey", summary = "Revoke a key, for good")
    Mono<Void> revoke(@PathVariable UUID id, @CurrentCaller Caller caller) {
        return keys.revoke(caller.id(), id, clock.instant())
                .flatMap(known -> known ? Mono.empty() : Mono.error(ProblemException.notFound("API key")));
    }
}
