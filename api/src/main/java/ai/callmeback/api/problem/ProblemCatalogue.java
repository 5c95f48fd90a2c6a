package ai.callmeback.api.problem;

import ai.callmeback.domain.call.RefusalCode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where the {@code type} of a problem document points to: a page for people, and the same as JSON when asked for. */
@RestController
@Tag(name = "Problems")
class ProblemCatalogue {
    record Entry(String code, int status, String title, String remedy) {}

    record Refusal(String code, String message, String remedy) {}

    /**
     * @param problems codes of errors
     * @param refusals codes in {@code statusReason} and {@code refusal} of calls that were accepted and then not made
     */
    @Schema(name = "Problems")
    record Catalogue(List<Entry> problems, List<Refusal> refusals) {}

    private static final Catalogue ALL = new Catalogue(
            Arrays.stream(ProblemCode.values())
                    .map(c -> new Entry(c.code(), c.status().value(), c.title(), c.remedy()))
                    .toList(),
            Arrays.stream(RefusalCode.values())
                    .map(c -> new Refusal(c.code(), c.message(), c.remedy()))
                    .toList());

    @GetMapping(
            path = "/problems",
            produces = {MediaType.TEXT_HTML_VALUE, MediaType.APPLICATION_JSON_VALUE})
    @SecurityRequirements
    @Operation(
            operationId = "listProblems",
            summary = "Every error code this API can answer with",
            description = "A page to read, or JSON for who accepts `application/json`.")
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = Catalogue.class)),
                @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string"))
            })
    ResponseEntity<Object> problems(ServerHttpRequest request) {
        boolean json = wantsJson(request.getHeaders().getAccept());
        return ResponseEntity.ok()
                .varyBy(HttpHeaders.ACCEPT)
                .contentType(json ? MediaType.APPLICATION_JSON : ProblemPage.TYPE)
                .body(json ? ALL : ProblemPage.of(ALL));
    }

    /** Who takes anything gets the page. */
    private static boolean wantsJson(List<MediaType> accepted) {
        List<MediaType> bestFirst = new ArrayList<>(accepted);
        MimeTypeUtils.sortBySpecificity(bestFirst);
        return bestFirst.stream()
                .filter(type -> type.includes(MediaType.TEXT_HTML) || type.includes(MediaType.APPLICATION_JSON))
                .findFirst()
                .filter(type -> !type.includes(MediaType.TEXT_HTML))
                .isPresent();
    }
}
