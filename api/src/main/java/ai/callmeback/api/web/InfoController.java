package ai.callmeback.api.web;

import ai.callmeback.api.demo.DemoLogin;
import ai.callmeback.api.settings.ApiSettings;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Hidden;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the UI shows before anyone is signed in. The demo account is named in the local environment only. */
@RestController
@Hidden
class InfoController {
    private final InfoView info;

    InfoController(ApiSettings settings) {
        this.info = settings.isLocal() ? new InfoView("local", DemoLogin.DEMO) : new InfoView("production", null);
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record InfoView(String environment, @Nullable DemoLogin demo) {}

    @GetMapping("/api/info")
    InfoView info() {
        return info;
    }
}
