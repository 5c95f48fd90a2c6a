package ai.callmeback.api.finance;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.api.web.IdempotencyKeys;
import ai.callmeback.db.review.CallCharge;
import ai.callmeback.db.review.ChargeJudgement;
import ai.callmeback.db.review.ChargeJudgements;
import ai.callmeback.db.review.ChargeReview;
import ai.callmeback.db.review.ChargeReview.Verdict;
import ai.callmeback.db.review.ChargeReviews;
import ai.callmeback.db.review.NewReview;
import ai.callmeback.db.review.ReviewOutcome;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Whether a call's charge stands. Nothing that was said in the call is shown here. */
@RestController
@RequestMapping("/api/finance/calls/{id}")
@Tag(name = "Finance")
class ChargeController {
    private static final Logger log = LoggerFactory.getLogger(ChargeController.class);
    private static final List<String> VERDICTS = List.of("accepted", "reversed");
    private static final int MAX_NOTE = 500;
    /** Beyond any call; what is left of this one is asked of the ledger. */
    private static final long MAX_SECONDS = 86_400;

    private final ChargeReviews reviews;
    private final ChargeJudgements judgements;
    private final Clock clock;

    ChargeController(ChargeReviews reviews, ChargeJudgements judgements, Clock clock) {
        this.reviews = reviews;
        this.judgements = judgements;
        this.clock = clock;
    }

    @Schema(name = "ChargeReview")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReviewView(
            String id,
            @Schema(description = "accepted or reversed") String verdict,
            long returnedSeconds,
            String note,

            @Schema(description = "The reversing posting of the ledger") @Nullable
            Long postingId,

            Instant at) {
        static ReviewView of(ChargeReview review) {
            return new ReviewView(
                    review.id().toString(),
                    review.verdict().name().toLowerCase(Locale.ROOT),
                    review.returned().seconds(),
                    review.note(),
                    review.postingId(),
                    review.at());
        }
    }

    @Schema(
            name = "ChargeJudgement",
            description =
                    "What a language model said where the rules left the charge open; evidence by numbers of turns."
                            + " With a failure there is no verdict, and the rules' default stands.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record JudgementView(
            @Schema(description = "conversation or no_conversation") @Nullable
            String verdict,

            @Nullable BigDecimal confidence,
            List<Integer> evidenceTurns,
            @Nullable String model,
            @Nullable String failure,
            Instant at) {
        static JudgementView of(ChargeJudgement said) {
            ChargeJudgement.Verdict verdict = said.verdict();
            return new JudgementView(
                    verdict == null ? null : verdict.name().toLowerCase(Locale.ROOT),
                    said.confidence(),
                    said.evidenceTurns(),
                    said.model(),
                    said.failure(),
                    said.at());
        }
    }

    @Schema(name = "CallCharge")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChargeView(
            String callId,
            @Nullable String endedBy,
            @Nullable String endReason,

            @Schema(description = "pending, charged or not_charged")
            String decision,

            @Schema(description = "The rule that decided") @Nullable
            String reason,

            @Schema(description = "by_the_second or whole_length: of what pays for the call")
            String policy,

            @Nullable Long connectedSeconds,
            @Nullable Long chargedSeconds,
            long returnedSeconds,
            @Nullable Instant settledAt,
            @Nullable JudgementView judgement,
            List<ReviewView> reviews) {
        static ChargeView of(CallCharge charge, @Nullable JudgementView judgement, List<ReviewView> reviews) {
            String endedBy = charge.endedBy();
            return new ChargeView(
                    charge.callId().toString(),
                    endedBy == null ? null : endedBy.toLowerCase(Locale.ROOT),
                    charge.endReason(),
                    charge.decision().toLowerCase(Locale.ROOT),
                    charge.reason(),
                    charge.policy().code(),
                    seconds(charge.connected()),
                    seconds(charge.charged()),
                    charge.returned().seconds(),
                    charge.settledAt(),
                    judgement,
                    reviews);
        }

        private static @Nullable Long seconds(@Nullable Credits credits) {
            return credits == null ? null : credits.seconds();
        }
    }

    @Schema(name = "NewChargeReview")
    record Request(
            @Schema(description = "accepted: the charge stands; reversed: it is given back") @Nullable
            String verdict,

            @Schema(description = "Given back; all that is left of the charge when absent") @Nullable
            Long seconds,

            @Nullable String note) {}

    @GetMapping("/charge")
    @Operation(
            operationId = "getCharge",
            summary = "Who ended a call, whether it was charged and why, and what finance said to that")
    Mono<ChargeView> charge(@PathVariable String id) {
        return view(callId(id));
    }

    @PostMapping("/charge-reviews")
    @Operation(
            operationId = "reviewCharge",
            summary = "Accept a charge decision, or reverse it",
            description = "A reversal gives back the recorded slices, last first, in one posting with the review. A"
                    + " repeat under the same Idempotency-Key changes nothing.")
    @MayAnswer({
        ProblemCode.IDEMPOTENCY_KEY_INVALID,
        ProblemCode.IDEMPOTENCY_CONFLICT,
        ProblemCode.VALUE_NOT_OFFERED,
        ProblemCode.SECONDS_OUT_OF_RANGE,
        ProblemCode.TEXT_TOO_SHORT,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE,
        ProblemCode.CHARGE_NOT_SETTLED,
        ProblemCode.CHARGE_NOT_REVERSIBLE,
        ProblemCode.CHARGE_EXCEEDED
    })
    Mono<ChargeView> review(
            @PathVariable String id,
            @RequestBody Request body,
            @Parameter(description = IdempotencyKeys.RULE)
                    @RequestHeader(name = IdempotencyKeys.HEADER, required = false)
                    @Nullable
                    String idempotencyKey,
            @CurrentCaller Caller caller) {
        NewReview review = checked(callId(id), body, IdempotencyKeys.checked(idempotencyKey), caller);
        return reviews.review(review)
                .doOnNext(outcome -> refuse(outcome))
                .doOnNext(outcome -> log.info(
                        "charge of call {} {} by {}: {}",
                        id,
                        review.verdict(),
                        caller.id(),
                        outcome.getClass().getSimpleName()))
                .flatMap(done -> view(review.callId()));
    }

    private NewReview checked(CallId call, Request body, String key, Caller caller) {
        Checks checks = new Checks();
        String verdict = String.valueOf(body.verdict());
        if (!VERDICTS.contains(verdict)) {
            checks.reject("verdict", ProblemCode.VALUE_NOT_OFFERED, "'verdict' is accepted or reversed.", VERDICTS);
        }
        Long seconds = body.seconds();
        if (seconds != null && (!verdict.equals("reversed") || seconds < 1 || seconds > MAX_SECONDS)) {
            checks.reject(
                    "seconds",
                    ProblemCode.SECONDS_OUT_OF_RANGE,
                    "'seconds' must be 1 to " + MAX_SECONDS + ", and only with a reversal.",
                    MAX_SECONDS);
        }
        String note = checks.text("note", body.note(), 1, MAX_NOTE);
        checks.done();
        return new NewReview(
                UUID.randomUUID(),
                call,
                caller.id(),
                key,
                Verdict.valueOf(verdict.toUpperCase(Locale.ROOT)),
                seconds == null ? null : new Credits(seconds),
                note,
                clock.instant());
    }

    private static void refuse(ReviewOutcome outcome) {
        switch (outcome) {
            case ReviewOutcome.Recorded recorded -> {}
            case ReviewOutcome.Repeated repeated -> {}
            case ReviewOutcome.Conflict conflict -> throw IdempotencyKeys.conflict();
            case ReviewOutcome.UnknownCall unknown -> throw ProblemException.notFound("call");
            case ReviewOutcome.NotSettled open ->
                throw ProblemException.of(
                        ProblemCode.CHARGE_NOT_SETTLED, "The call is not settled yet.", "Wait for its settlement.");
            case ReviewOutcome.NotCharged free ->
                throw ProblemException.of(ProblemCode.CHARGE_NOT_REVERSIBLE, "Nothing was charged for this call.");
            case ReviewOutcome.NotReversible late ->
                throw ProblemException.of(
                        ProblemCode.CHARGE_NOT_REVERSIBLE,
                        "This call was charged after its hold had expired.",
                        "Give minutes instead: POST /api/finance/calls/{id}/goodwill.");
            case ReviewOutcome.Exceeds exceeds ->
                throw ProblemException.of(
                        ProblemCode.CHARGE_EXCEEDED,
                        "Of this charge " + exceeds.left().seconds() + " seconds are left to give back.");
        }
    }

    private Mono<ChargeView> view(CallId id) {
        Mono<Optional<JudgementView>> judgement =
                judgements.find(id).map(JudgementView::of).map(Optional::of).defaultIfEmpty(Optional.empty());
        Mono<List<ReviewView>> said = reviews.of(id).map(ReviewView::of).collectList();
        return reviews.charge(id)
                .flatMap(charge -> Mono.zip(judgement, said)
                        .map(both -> ChargeView.of(charge, both.getT1().orElse(null), both.getT2())))
                .switchIfEmpty(Mono.error(() -> ProblemException.notFound("call")));
    }

    private static CallId callId(String id) {
        try {
            return CallId.parse(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("call");
        }
    }
}
