package ai.callmeback.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class E164Test {
    @Test
    void readsWhatPeopleType() {
        assertThat(E164.parse("(415) 555-0100", "US").orElseThrow().value()).isEqualTo("+14155550100");
        assertThat(E164.parse("+33 6 12 34 56 78", null).orElseThrow().country())
                .contains("FR");
        assertThat(E164.parse("12", "US")).isEmpty();
        assertThat(E164.parse("call me", "US")).isEmpty();
    }

    /** I10, guard: {@link E164#toString()}. */
    @Test
    void aNumberCannotSlipIntoALog() {
        E164 number = new E164("+14155550100");
        assertThat("dialling " + number).isEqualTo("dialling +…00").doesNotContain("415");
        assertThatThrownBy(() -> new E164("4155550100"))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("555");
    }
}
