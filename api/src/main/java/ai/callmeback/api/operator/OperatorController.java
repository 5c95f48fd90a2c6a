package ai.callmeback.api.operator;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.call.Switches;
import ai.callmeback.db.ledger.AuditReport;
import ai.callmeback.db.ledger.AuditReport.Violation;
import ai.callmeback.db.ledger.Ledger;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Operators' switches, and finance's proof of the ledger. Roles are checked before anything here runs. */
@RestController
@RequestMapping("/api/operator")
@Tag(name = "Operators")
class OperatorController {
    private static final Logger log = LoggerFactory.getLogger(OperatorController.class);
    private static final Set<String> SWITCHES = Set.of(Switches.DIALING, Switches.CHARGING, Switches.ANSWERING);
    private static final int MAX_REASON_LENGTH = 200;

    private final Switches switches;
    private final Ledger ledger;
    private final Clock clock;

    OperatorController(Switches switches, Ledger ledger, Clock clock) {
        this.switches = switches;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Schema(name = "Switch")
    record SwitchView(String name, boolean enabled, String reason, Instant changedAt) {
        static SwitchView of(Switches.State state) {
            return new SwitchView(state.name(), state.enabled(), state.reason(), state.changedAt());
        }
    }

    @Schema(name = "Switches")
    record SwitchList(List<SwitchView> switches) {}

    @Schema(name = "SwitchChange")
    record SwitchRequest(
            @Nullable Boolean enabled, @Nullable String reason) {}

    @Schema(name = "LedgerAudit")
    record AuditView(boolean ok, List<Violation> violations) {}

    @GetMapping("/switches")
    @Operation(
            operationId = "listSwitches",
            summary = "Whether dialling, answering and charging are on, since when and why")
    Mono<SwitchList> list() {
        return switches.all().map(SwitchView::of).collectList().map(SwitchList::new);
    }

    @GetMapping("/switches/{name}")
    @Operation(operationId = "getSwitch", summary = "Whether dialling, answering or charging is on")
    Mono<SwitchView> get(@PathVariable String name) {
        return one(known(name));
    }

    @PutMapping("/switches/{name}")
    @Operation(operationId = "setSwitch", summary = "Stop or start dialling, answering or charging, at once")
    @MayAnswer({ProblemCode.TEXT_TOO_LONG, ProblemCode.TEXT_NOT_UNICODE})
    Mono<SwitchView> set(@PathVariable String name, @RequestBody SwitchRequest body, @CurrentCaller Caller caller) {
        known(name);
        Checks checks = new Checks();
        if (body.enabled() == null) {
            checks.reject("enabled", ProblemCode.FIELD_REQUIRED, "Say true or false.");
        }
        String reason = checks.optionalText("reason", body.reason(), MAX_REASON_LENGTH, ProblemCode.TEXT_TOO_LONG);
        checks.done();
        boolean enabled = Boolean.TRUE.equals(body.enabled());
        return switches.set(name, enabled, reason, clock.instant()).flatMap(done -> {
            log.warn("switch {} set to {} by {}", name, enabled, caller.user().pseudonym());
            return one(name);
        });
    }

    private Mono<SwitchView> one(String name) {
        return switches.all().filter(state -> state.name().equals(name)).next().map(SwitchView::of);
    }

    @GetMapping("/ledger/audit")
    @Operation(
            operationId = "auditLedger",
            summary = "Prove the whole ledger",
            description = "Reads every entry; takes time in proportion.")
    Mono<AuditView> audit() {
        return ledger.audit().map(OperatorController::view);
    }

    private static AuditView view(AuditReport report) {
        return new AuditView(report.ok(), report.violations());
    }

    private static String known(String name) {
        if (!SWITCHES.contains(name)) {
            throw ProblemException.notFound("switch");
        }
        return name;
    }
}
