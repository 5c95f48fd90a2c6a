package ai.callmeback.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class E164Test {
    @Test
    void readsWhatPeopleType() {
        assertThat(E164.parse("(415) 555-0100", "US").orElseThrow().value()).isEqualTo("+14155550100");
        assertThat(E164.parse("+33 6 12 34 56 78", null).orElseThrow().country())
                .contains("FR");
        assertThat(E164.parse("12", "US")).isEmpty();
        assertThat(E164.parse("call me", "US")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "US premium rate, +19002345678, false",
        "GB premium rate, +449012345678, false",
        "GB shared cost, +448431234567, false",
        "GB personal number, +447012345678, false",
        "DE premium rate, +499001234567, false",
        "FR premium rate, +33891123456, false",
        "US, +14155550100, true",
        "GB mobile, +447400123456, true",
        "DE landline, +4930123456, true",
        "US toll free, +18002345678, true",
        "not valid at all, +12, false"
    })
    void linesThatCostMoreOrThatNobodyAnswersAreNotOrdinary(String what, String number, boolean ordinary) {
        E164.parse(number, null)
                .ifPresentOrElse(
                        line -> assertThat(line.isOrdinaryLine()).as(what).isEqualTo(ordinary),
                        () -> assertThat(ordinary).as(what).isFalse());
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
