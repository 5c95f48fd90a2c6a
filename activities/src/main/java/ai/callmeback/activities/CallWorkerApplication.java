package ai.callmeback.activities;

import ai.callmeback.db.DatabaseConfiguration;
import ai.callmeback.vendors.VendorsConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The call worker: runs the workflows and every activity that is not audio, and the relays between Postgres and Temporal. */
@SpringBootApplication
@Import({DatabaseConfiguration.class, VendorsConfiguration.class})
public class CallWorkerApplication {
    public static void main(String[] args) {
        SpringApplication.run(CallWorkerApplication.class, args);
    }
}
