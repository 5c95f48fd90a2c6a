package ai.callmeback.api.demo;

/** How to sign in as the demo user; public knowledge, and good in the local environment only. */
public record DemoLogin(String email, String password) {
    public static final DemoLogin DEMO = new DemoLogin("demo@callmeback.ai", "demo123");
}
