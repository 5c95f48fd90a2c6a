package ai.callmeback.simulators;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Stand-ins for every vendor, and the phones they ring. */
@SpringBootApplication
public class SimulatorsApplication {
    public static void main(String[] args) {
        SpringApplication.run(SimulatorsApplication.class, args);
    }
}
