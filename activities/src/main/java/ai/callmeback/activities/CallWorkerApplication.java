package ai.callmeback.activities;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The call worker: runs the workflows and every activity that is not audio. */
@SpringBootApplication
public class CallWorkerApplication {
    public static void main(String[] args) {
        SpringApplication.run(CallWorkerApplication.class, args);
    }
}
