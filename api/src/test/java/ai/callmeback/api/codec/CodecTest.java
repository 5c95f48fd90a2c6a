package ai.callmeback.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.settings.ApiSettings;
import ai.callmeback.api.testing.ApiTest;
import ai.callmeback.db.identity.Scope;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.domain.UserId;
import ai.callmeback.workflows.codec.AesGcmCodec;
import ai.callmeback.workflows.codec.PayloadKeys;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.payload.codec.PayloadCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** The codec server as the Temporal UI speaks to it, and as others might. */
class CodecTest extends ApiTest {
    private static final String UI = "http://127.0.0.1:8233";
    private static final String WORDS = "what was said";

    @Autowired
    private PayloadCodec codec;

    @Test
    void theTemporalUiReadsWhatTheWorkersSealed() throws Exception {
        String sealed = json(codec.encode(List.of(plain())));
        assertThat(sealed).doesNotContain(base64(WORDS));

        decode(sealed, UI)
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Access-Control-Allow-Origin", UI)
                .expectHeader()
                .valueEquals("Vary", "Origin")
                .expectBody()
                .jsonPath("$.payloads[0].data")
                .isEqualTo(base64(WORDS));
    }

    @Test
    void whatIsNotSealedPassesUnchanged() throws Exception {
        decode(json(List.of(plain())), null)
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.payloads[0].data")
                .isEqualTo(base64(WORDS));
    }

    @Test
    void aForeignKeyOrATouchedPayloadIsRefused() throws Exception {
        PayloadCodec other =
                new AesGcmCodec(PayloadKeys.parse("test:" + Base64.getEncoder().encodeToString(new byte[32])));
        refused(json(other.encode(List.of(plain()))), "bad_request");
        Payload sealed = codec.encode(List.of(plain())).getFirst();
        byte[] bytes = sealed.getData().toByteArray();
        bytes[bytes.length - 1] ^= 1;
        refused(
                json(List.of(
                        sealed.toBuilder().setData(ByteString.copyFrom(bytes)).build())),
                "bad_request");
        refused("{\"payloads\":", "malformed_json");
    }

    private void refused(String body, String code) {
        decode(body, UI)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code);
    }

    /** Guard: the origin is checked before anything else, for the pre-flight and for the request. */
    @Test
    void onlyTheTemporalUisPagesMayAsk() throws Exception {
        preflight(UI)
                .expectStatus()
                .isNoContent()
                .expectHeader()
                .valueEquals("Access-Control-Allow-Origin", UI)
                .expectHeader()
                .value(
                        "Access-Control-Allow-Headers",
                        headers -> assertThat(headers).contains("Content-Type", "X-Namespace", "Authorization"));
        preflight("https://elsewhere.test").expectStatus().isForbidden();
        decode(json(codec.encode(List.of(plain()))), "https://elsewhere.test")
                .expectStatus()
                .isForbidden()
                .expectHeader()
                .doesNotExist("Access-Control-Allow-Origin")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("origin_not_allowed");
    }

    /** Guard: outside the local environment only an operator who has signed in may read people's conversations. */
    @Test
    void inProductionOnlyAnOperatorsSessionDecodes() throws Exception {
        CodecController production = new CodecController(codec, production());
        String sealed = json(codec.encode(List.of(plain())));

        assertThat(production.decode(sealed, as(UserAccount.Role.OPERATOR, Caller.Kind.SESSION)))
                .contains(base64(WORDS));
        for (Authentication other : new Authentication[] {
            null,
            as(UserAccount.Role.USER, Caller.Kind.SESSION),
            as(UserAccount.Role.FINANCE, Caller.Kind.SESSION),
            as(UserAccount.Role.OPERATOR, Caller.Kind.API_KEY)
        }) {
            assertThatThrownBy(() -> production.decode(sealed, other))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.NOT_ALLOWED));
            assertThatThrownBy(() -> production.encode(sealed, other)).isInstanceOf(ProblemException.class);
        }
    }

    private static ApiSettings production() {
        Duration any = Duration.ofHours(1);
        return new ApiSettings("production", any, List.of(), "+14155550100", any, any, 1, 1);
    }

    private static Authentication as(UserAccount.Role role, Caller.Kind kind) {
        UserAccount user = new UserAccount(
                new UserId(UUID.randomUUID()),
                "o@example.com",
                "O",
                Optional.empty(),
                "US",
                UserAccount.Status.ACTIVE,
                role,
                "u-1",
                Optional.empty(),
                1,
                Instant.EPOCH,
                Optional.empty());
        return new UsernamePasswordAuthenticationToken(
                new Caller(user, kind, "id", Set.of(Scope.values()), Optional.empty()), "", List.of());
    }

    private ResponseSpec decode(String body, String origin) {
        var request = web.post().uri("/codec/decode").header("Content-Type", "application/json");
        if (origin != null) {
            request = request.header("Origin", origin);
        }
        return request.bodyValue(body).exchange();
    }

    private ResponseSpec preflight(String origin) {
        return web.options()
                .uri("/codec/decode")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .exchange();
    }

    private static Payload plain() {
        return Payload.newBuilder()
                .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                .setData(ByteString.copyFromUtf8(WORDS))
                .build();
    }

    private static String json(List<Payload> payloads) throws Exception {
        return JsonFormat.printer()
                .print(Payloads.newBuilder().addAllPayloads(payloads).build());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
