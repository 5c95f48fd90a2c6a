package ai.callmeback.db.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.testing.Mutation;
import ai.callmeback.db.testing.TestDatabase;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The file of guards, and that a guard that is taken out is gone, and back afterwards. */
class GuardTest {
    private static final String TWICE = "insert into money_cases (kind, subject, detail, opened_at)"
            + " values ('k', 's', 'd', now()), ('k', 's', 'd', now())";

    @Test
    void everyGuardIsNamedOnceAndItsTestsAreThere() throws Exception {
        List<Guard> guards = Guard.all();
        assertThat(guards).extracting(Guard::guard).doesNotHaveDuplicates();
        for (Guard guard : guards) {
            for (String test : guard.tests()) {
                String[] parts = test.split("#", 2);
                Class<?> found = Class.forName("ai.callmeback." + parts[0]);
                assertThat(Arrays.stream(found.getDeclaredMethods()).map(method -> method.getName()))
                        .as(guard.guard())
                        .contains(parts.length > 1 ? parts[1] : found.getDeclaredMethods()[0].getName());
            }
        }
    }

    @Test
    @SuppressWarnings("try") // what is done while it is open is what matters
    void aGuardIsGoneUntilItIsPutBack() {
        try (Mutation mutation = Mutation.ofSchema("alter table money_cases drop constraint money_cases_once");
                TestDatabase without = TestDatabase.fresh().open()) {
            assertThatCode(() -> without.execute(TWICE)).doesNotThrowAnyException();
        }
        try (TestDatabase with = TestDatabase.fresh().open()) {
            assertThatThrownBy(() -> with.execute(TWICE)).hasMessageContaining("money_cases_once");
        }
    }

    @Test
    void aFunctionThatHasChangedIsSaidSo() {
        assertThatThrownBy(() -> Mutation.ofFunction("purchase_credit", "no such text", ""))
                .hasMessageContaining("does not hold");
        Mutation.ofStatements("a", "b").close();
    }
}
