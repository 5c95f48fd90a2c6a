package ai.callmeback.api.demo;

import ai.callmeback.api.auth.DemoAccount;
import ai.callmeback.api.settings.ApiSettings;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Seeds {@link DemoLogin#DEMO} with 100 credits, in the local environment only. Both steps have keys of their own,
 * so every start may run them and only the first changes anything. An operator there, so that the switches can be tried.
 */
@Component
class DemoUser implements ApplicationRunner {
    static final UserId ID = UserId.parse("00000000-0000-7000-8000-00000000d3a0");
    static final int MINUTES = 100;
    private static final Logger log = LoggerFactory.getLogger(DemoUser.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final ApiSettings settings;
    private final DemoAccount account;
    private final Ledger ledger;

    DemoUser(ApiSettings settings, DemoAccount account, Ledger ledger) {
        this.settings = settings;
        this.account = account;
        this.ledger = ledger;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        if (!settings.isLocal()) {
            return;
        }
        E164 phone = E164.parse(settings.demoPhoneNumber(), "US")
                .orElseThrow(() -> new IllegalArgumentException("DEMO_PHONE_NUMBER is not a phone number"));
        account.ensure(ID, DemoLogin.DEMO.email(), DemoLogin.DEMO.password(), phone)
                .then(ledger.grant(GrantRequest.free("demo:" + ID, ID, Credits.ofMinutes(MINUTES), GrantSource.TRIAL)))
                .block(TIMEOUT);
        log.info("local environment: the demo user is there");
    }
}
