package ai.callmeback.api.auth;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.web.Checks;
import ai.callmeback.domain.E164;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of an account that its owner sets, checked. */
record Profile(String displayName, Optional<E164> phone, String country) {
    static final int MAX_NAME_LENGTH = 80;
    static final String DEFAULT_COUNTRY = "US";
    private static final int MAX_NUMBER_LENGTH = 40;
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    static Profile check(
            Checks checks, @Nullable String displayName, @Nullable String phoneNumber, @Nullable String country) {
        String name = checks.text("displayName", displayName, 1, MAX_NAME_LENGTH);
        String code = country == null || country.isBlank()
                ? DEFAULT_COUNTRY
                : country.strip().toUpperCase(Locale.ROOT);
        if (!COUNTRIES.contains(code)) {
            checks.reject("country", ProblemCode.COUNTRY_INVALID, "Use a code of ISO 3166 such as US or DE.");
            return new Profile(name, Optional.empty(), DEFAULT_COUNTRY);
        }
        return new Profile(name, phone(checks, phoneNumber, code), code);
    }

    private static Optional<E164> phone(Checks checks, @Nullable String phoneNumber, String country) {
        if (phoneNumber == null || phoneNumber.isBlank()) {
            return Optional.empty();
        }
        Optional<E164> number =
                phoneNumber.length() > MAX_NUMBER_LENGTH ? Optional.empty() : E164.parse(phoneNumber, country);
        if (number.isEmpty()) {
            checks.reject(
                    "phoneNumber",
                    ProblemCode.INVALID_NUMBER,
                    "'phoneNumber' is not a phone number; with country code it begins with '+'.");
        } else if (!number.get().isOrdinaryLine()) {
            checks.reject(
                    "phoneNumber",
                    ProblemCode.NUMBER_TYPE_NOT_ALLOWED,
                    "Premium-rate, shared-cost and other special numbers are not called: use a landline or mobile.");
        }
        return number;
    }
}
