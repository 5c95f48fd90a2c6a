package ai.callmeback.api.web;

import ai.callmeback.api.testing.ApiTest;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A path that no router should see is answered with a problem document like everything else. */
class OddPathsTest extends ApiTest {

    @ParameterizedTest
    @ValueSource(strings = {"/api/calls/%00", "/api/calls/..%2F..", "/api/personas/%2e%2e", "/js/..%5Cmain.js"})
    void whatIsRefusedBeforeAllRoutesIsAProblemToo(String path) {
        web.get()
                .uri(URI.create(baseUrl() + path))
                .header("Authorization", newPerson().bearer())
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectHeader()
                .contentType("application/problem+json")
                .expectHeader()
                .exists("Content-Security-Policy")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("bad_request")
                .jsonPath("$.status")
                .isEqualTo(400);
    }
}
