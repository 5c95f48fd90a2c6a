package ai.callmeback.activities.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.call.ConversationJournal;
import ai.callmeback.db.cost.PriceBook;
import ai.callmeback.db.review.ChargeJudgement;
import ai.callmeback.db.review.ChargeJudgements;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.settlement.CallFacts;
import ai.callmeback.domain.settlement.ChargeDecision;
import ai.callmeback.domain.settlement.ChargeReason;
import ai.callmeback.domain.settlement.Settlement;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.llm.LlmCall;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmListener;
import ai.callmeback.vendors.llm.LlmReply;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.llm.LlmUsage;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Calls that the rules leave open, a model that answers as told, and a real PostgreSQL. */
class ChargeJudgeTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final CallFacts OPEN = new CallFacts(true, false, 30, 3, false, 0);

    private final ChargeJudgements judgements = new ChargeJudgements(DB.client());
    private final UsageStore usage = UsageStore.on(DB.client(), PriceBook.on(DB.client()));
    private final List<LlmRequest> asked = new ArrayList<>();
    private LlmReply reply = said("conversation", "0.95", "2");
    private final ChargeJudge judge =
            new ChargeJudge(new ConversationJournal(DB.client()), judgements, usage, new Model(), () -> NOW);
    private final CallId call = new CallId(UUID.randomUUID());

    private final class Model implements LanguageModel {
        @Override
        public LlmCall stream(LlmRequest request, EventLoop loop, LlmListener listener) {
            throw new UnsupportedOperationException("nobody converses here");
        }

        @Override
        public Mono<LlmReply> complete(LlmRequest request) {
            asked.add(request);
            return Mono.just(reply);
        }
    }

    @BeforeEach
    void call() {
        String user = UUID.randomUUID().toString();
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + user
                + "', '" + user + "@example.test', 'x', 'Kim', 'US', 'u-" + user + "')");
        DB.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, created_at, updated_at) values ('" + call + "', '" + user
                + "', '', 'brad_001', '+14155550199', 300, true, '" + NOW + "', '{}', '" + NOW + "', '" + NOW + "')");
        line(1, "AGENT_SAID", "Hey, it is Brad.");
        line(2, "USER_SAID", "Wrong number, sorry");
    }

    @Test
    void aCallThatWasNoConversationIsNotCharged() {
        reply = said("no_conversation", "0.93", "2");

        Settlement settlement = judge.settle(call, OPEN, 1);

        assertThat(settlement.decision()).isEqualTo(ChargeDecision.NOT_CHARGED);
        assertThat(settlement.reason()).isEqualTo(ChargeReason.NO_CONVERSATION);
        ChargeJudgement kept = kept();
        assertThat(kept.verdict()).isEqualTo(ChargeJudgement.Verdict.NO_CONVERSATION);
        assertThat(kept.confidence()).isEqualByComparingTo("0.93");
        assertThat(kept.evidenceTurns()).containsExactly(2);
        assertThat(kept.model()).isEqualTo("judge-7b");
        assertThat(Objects.requireNonNull(usage.summary(call).block(SOON))
                        .totals()
                        .llmPromptTokens())
                .as("a cost of the call")
                .isEqualTo(Map.of("judge-7b", 90L));
        assertThat(judge.settle(call, OPEN, 1)).as("a repeat").isEqualTo(settlement);
        assertThat(asked).hasSize(1);
        assertThat(Objects.requireNonNull(asked.getFirst().answerSchema()).jsonSchema())
                .contains("\"enum\":[1,2]");
    }

    /** The worker died between the answer and keeping it: the second try asks again, and both answers are paid for. */
    @Test
    void theAnswerOfATryThatDiedIsPaidForToo() {
        DB.execute("alter table charge_judgements add constraint dead check (false) not valid");
        assertThatThrownBy(() -> judge.settle(call, OPEN, 1)).hasMessageContaining("dead");
        DB.execute("alter table charge_judgements drop constraint dead");

        judge.settle(call, OPEN, 2);
        judge.settle(call, OPEN, 3);

        assertThat(asked).hasSize(2);
        assertThat(Objects.requireNonNull(usage.summary(call).block(SOON))
                        .totals()
                        .llmPromptTokens())
                .isEqualTo(Map.of("judge-7b", 180L));
    }

    @Test
    void theRulesStandWhenTheModelSeesAConversation() {
        assertThat(judge.settle(call, OPEN, 1).reason()).isEqualTo(ChargeReason.BY_THE_SECOND);
        assertThat(kept().verdict()).isEqualTo(ChargeJudgement.Verdict.CONVERSATION);
    }

    @Test
    void theRulesStandWhenTheModelIsNotSure() {
        failsWith(said("no_conversation", "0.79", "2"), "not_sure");
    }

    @Test
    void theRulesStandWithoutEvidenceInTheTranscript() {
        failsWith(said("no_conversation", "0.99", "7"), "no_evidence");
    }

    @Test
    void theRulesStandWhenTheAnswerIsNone() {
        failsWith(answered("I think it was fine."), "not_understood");
    }

    @Test
    void theRulesStandWhenTheModelIsAway() {
        failsWith(
                new LlmReply.Failed(VendorFault.of("llm", VendorFault.Kind.SERVER_ERROR, "away"), List.of()),
                "model_failed");
    }

    @Test
    void whatTheRulesDecideNobodyIsAskedAbout() {
        assertThat(judge.settle(call, new CallFacts(true, false, 300, 80, false, 0), 1)
                        .reason())
                .isEqualTo(ChargeReason.BY_THE_SECOND);
        assertThat(judge.settle(call, new CallFacts(true, true, 30, 3, false, 0), 1)
                        .reason())
                .isEqualTo(ChargeReason.MACHINE);
        assertThat(asked).isEmpty();
    }

    private void failsWith(LlmReply answer, String failure) {
        reply = answer;
        assertThat(judge.settle(call, OPEN, 1).reason()).isEqualTo(ChargeReason.BY_THE_SECOND);
        assertThat(kept().verdict()).isNull();
        assertThat(kept().failure()).isEqualTo(failure);
    }

    private ChargeJudgement kept() {
        return Objects.requireNonNull(judgements.find(call).block(SOON));
    }

    private void line(int turn, String kind, String text) {
        DB.execute("insert into conversation_events (call_id, media_leg, seq, at, kind, turn, segment, text) values ('"
                + call + "', 1, " + turn + ", '" + NOW + "', '" + kind + "', " + turn + ", 0, '" + text + "')");
    }

    private static LlmReply said(String verdict, String confidence, String turns) {
        return answered("{\"verdict\":\"" + verdict + "\",\"confidence\":" + confidence + ",\"evidence_turns\":["
                + turns + "]}");
    }

    private static LlmReply answered(String text) {
        return new LlmReply.Answered(
                text, LlmEvent.FinishReason.STOP, "judge-7b", List.of(new LlmUsage("judge-7b", 90, 20, 0, false)));
    }
}
