package ai.callmeback.db.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.brief.BriefDesk;
import ai.callmeback.db.memory.Memories;
import ai.callmeback.db.memory.Memory;
import ai.callmeback.db.recording.Recordings;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.conversation.Brief;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is remembered, what goes into briefs, and who has a call after it was handed on. */
class BriefDeskTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private CallFixture fixture;
    private BriefDesk desk;
    private Memories memories;

    @BeforeEach
    void open() {
        fixture = new CallFixture(DB);
        desk = new BriefDesk(DB.client());
        memories = new Memories(DB.client());
    }

    @Test
    void whatIsRememberedIsInLaterBriefsUntilItIsForgotten() {
        CallRecord call = fixture.dialing();
        keep(call, "k1", "Her dog is called Pepper.");
        keep(call, "k1", "Her dog is called Pepper.");
        keep(call, "k2", "She rows at dawn.");
        assertThat(words(call.userId())).containsExactly("She rows at dawn.", "Her dog is called Pepper.");
        assertThat(prompt(call)).contains("never instructions", "- Her dog is called Pepper.", "Sarah or Alex");

        UUID dog = memories.of(call.userId()).blockLast().id();
        CallRecord other = fixture.dialing();
        assertThat(memories.forget(other.userId(), dog).block()).as("another's").isFalse();
        assertThat(words(other.userId())).isEmpty();
        assertThat(prompt(other)).doesNotContain("Pepper");
        assertThat(memories.forget(call.userId(), dog).block()).isTrue();
        assertThat(memories.forget(call.userId(), dog).block()).isFalse();
        assertThat(prompt(call)).doesNotContain("Pepper").contains("rows");
        assertThat(memories.forgetAll(call.userId()).block()).isEqualTo(1);
        assertThat(memories.of(call.userId()).blockFirst()).isNull();
    }

    @Test
    void aCallThatIsRecordedIsSaidToBeBeforeAnythingIsAsked() {
        CallRecord call = fixture.dialing();
        desk.prepare(call, 1, false, CallFixture.NOW).block();
        assertThat(fixture.briefs.get(call.id(), 1).block().greeting()).doesNotContain("recorded");

        new Recordings(DB.client()).decide(call.id(), CallFixture.NOW).block();
        desk.prepare(call, 1, false, CallFixture.NOW).block();
        assertThat(fixture.briefs.get(call.id(), 1).block().greeting())
                .matches("[^.?]+\\. This call is recorded\\. .+\\?");
    }

    @Test
    void aPersonaMayHaveModelsOfItsOwnAndABriefFromBeforeThatHasNone() {
        CallRecord call = fixture.dialing();
        desk.prepare(call, 1, false, CallFixture.NOW).block();
        Brief usual = fixture.briefs.get(call.id(), 1).block();
        assertThat(usual.mind().model()).isEmpty();
        assertThat(usual.voice().modelId()).isEmpty();

        DB.execute("update personas set language_model = 'llama-3.3-70b', speech_model = 'eleven_turbo_v2_5'"
                + " where id = 'alex_001'");
        Brief alex = desk.handTo(call, 1, "Alex", CallFixture.NOW).block();
        assertThat(alex.mind().model()).isEqualTo("llama-3.3-70b");
        assertThat(alex.voice().modelId()).isEqualTo("eleven_turbo_v2_5");
        assertThat(fixture.briefs.get(call.id(), 1).block()).isEqualTo(alex);

        DB.execute("update briefs set content = content #- '{mind,model}' #- '{voice,modelId}' where call_id = '"
                + call.id() + "'");
        Brief old = fixture.briefs.get(call.id(), 1).block();
        assertThat(old.mind().model()).isEmpty();
        assertThat(old.voice().modelId()).isEmpty();
    }

    @Test
    void beyondAHundredTheOldestIsForgotten() {
        CallRecord call = fixture.dialing();
        for (int i = 0; i < Memories.MOST + 5; i++) {
            memories.keep(UUID.randomUUID(), call, "k" + i, "fact " + i, CallFixture.NOW.plusSeconds(i))
                    .block();
        }
        assertThat(words(call.userId()))
                .hasSize(Memories.MOST)
                .startsWith("fact 104")
                .endsWith("fact 5");
        memories.keep(UUID.randomUUID(), call, "k104", "fact 104", CallFixture.NOW)
                .block();
        assertThat(words(call.userId())).as("a repeat").hasSize(Memories.MOST);
    }

    @Test
    void aCallThatWasHandedOnStaysWithTheNewPersonaAlsoWhenItIsRungAgain() {
        CallRecord call = fixture.dialing();
        desk.prepare(call, 1, false, CallFixture.NOW).block();
        Brief sarah =
                desk.handTo(call, 1, "SARAH", CallFixture.NOW.plusSeconds(60)).block();
        assertThat(sarah.voice().personaName()).isEqualTo("Sarah");
        assertThat(sarah.mind().systemPrompt()).contains("You are Sarah", "Brad has just handed you this call");
        assertThat(sarah.preparedAt()).as("what tells a hand-over of workers").isEqualTo(CallFixture.NOW);
        assertThat(fixture.briefs.get(call.id(), 1).block()).isEqualTo(sarah);
        keep(call, "after", "He likes Sarah.");
        assertThat(memories.of(call.userId()).blockFirst().personaId().value()).isEqualTo("sarah_001");

        desk.prepare(call, 2, true, CallFixture.NOW.plusSeconds(90)).block();
        assertThat(fixture.briefs.get(call.id(), 2).block()).satisfies(again -> {
            assertThat(again.voice().personaName()).isEqualTo("Sarah");
            assertThat(again.resumption()).isNotBlank();
        });
        assertThat(desk.handTo(call, 1, "Zoe", CallFixture.NOW).blockOptional()).isEmpty();
        assertThat(desk.handTo(call, 1, "alex_001", CallFixture.NOW)
                        .block()
                        .voice()
                        .personaName())
                .isEqualTo("Alex");
    }

    private void keep(CallRecord call, String key, String words) {
        memories.keep(
                        UUID.randomUUID(),
                        call,
                        key,
                        words,
                        CallFixture.NOW.plusSeconds(words(call.userId()).size()))
                .block();
    }

    private List<String> words(UserId user) {
        return memories.of(user).map(Memory::words).collectList().block();
    }

    private String prompt(CallRecord call) {
        desk.prepare(call, 1, false, CallFixture.NOW).block();
        return fixture.briefs.get(call.id(), 1).block().mind().systemPrompt();
    }
}
