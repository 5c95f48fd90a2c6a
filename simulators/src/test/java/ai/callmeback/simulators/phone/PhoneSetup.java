package ai.callmeback.simulators.phone;

import java.util.List;

/** Sets phones up for tests of other packages. */
public final class PhoneSetup {
    private PhoneSetup() {}

    public static void behave(PhoneBook book, String number, String kind) {
        PhoneSettings before = book.phone(number).settings();
        book.configure(
                number,
                new PhoneSettings(
                        PhoneSettings.Behaviour.of(PhoneSettings.Kind.parse(kind)), List.of(), before.script(), false));
    }
}
