package ai.callmeback.api.problem;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where the {@code type} of a problem document points to. */
@RestController
@Tag(name = "Problems")
class ProblemCatalogue {
    record Entry(String code, int status, String title) {}

    record Catalogue(List<Entry> problems) {}

    private static final Catalogue ALL = new Catalogue(Arrays.stream(ProblemCode.values())
            .map(c -> new Entry(c.code(), c.status().value(), c.title()))
            .toList());

    @GetMapping("/problems")
    @SecurityRequirements
    @Operation(summary = "Every error code this API can answer with")
    Catalogue problems() {
        return ALL;
    }
}
