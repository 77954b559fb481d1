import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** Takes one job as JSON on standard input and gives one result as JSON; secrets never appear on a command line. */
public final class FormClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] ignored) throws Exception {
        PrintStream out = System.out;
        // The engine chats on standard output; only the result may go there.
        System.setOut(System.err);
        ObjectNode result = JSON.createObjectNode();
        OpenRosaDoor door = null;
        JsonNode job = JSON.readTree(System.in);
        try {
            if (job.has("base_url")) {
                door = new OpenRosaDoor(text(job, "base_url"), text(job, "device"), text(job, "secret"), text(job, "device_id"));
            }
            run(job, door, result);
        } catch (OpenRosaDoor.Refused refused) {
            result.put("outcome", "refused-by-server").put("status", refused.status);
            result.put("message", refused.getMessage() + " " + message(refused.body));
        }
        if (door != null) {
            result.set("steps", JSON.valueToTree(door.steps));
        }
        out.write(JSON.writeValueAsBytes(result));
        out.flush();
    }

    private static void run(JsonNode job, OpenRosaDoor door, ObjectNode result) throws Exception {
        File media = new File(text(job, "media_folder"));
        byte[] xform = door != null
                ? door.downloadForm(text(job, "form_id"), media)
                : Files.readAllBytes(new File(text(job, "form_file")).toPath());
        FormFiller filler = new FormFiller(xform, answers(job), media, text(job, "language"), text(job, "device_id"));
        byte[] instance = filler.fill();
        result.set("problems", JSON.valueToTree(filler.problems));
        result.set("unasked", JSON.valueToTree(filler.unasked()));
        result.set("asked", JSON.valueToTree(filler.asked));
        result.put("title", filler.title());
        if (instance == null) {
            result.put("outcome", "refused-by-engine");
            return;
        }
        result.put("xml", new String(instance, StandardCharsets.UTF_8)).put("instance_id", instanceId(instance));
        result.put("outcome", "filled");
        if (door != null) {
            HttpResponse<byte[]> answer = door.submit(instance, filler.files);
            result.put("outcome", "sent").put("status", answer.statusCode());
            result.put("message", message(new String(answer.body(), StandardCharsets.UTF_8)));
        }
    }

    private static Map<String, String> answers(JsonNode job) {
        Map<String, String> said = new LinkedHashMap<>();
        Iterator<Map.Entry<String, JsonNode>> fields = job.get("answers").fields();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> one = fields.next();
            said.put(one.getKey(), one.getValue().asText());
        }
        return said;
    }

    private static String text(JsonNode job, String name) {
        return job.has(name) ? job.get(name).asText() : "";
    }

    private static String instanceId(byte[] instance) throws Exception {
        return first(instance, "instanceID");
    }

    private static String message(String body) {
        try {
            return first(body.getBytes(StandardCharsets.UTF_8), "message");
        } catch (Exception notXml) {
            return "";
        }
    }

    private static String first(byte[] xml, String name) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document document = factory.newDocumentBuilder().parse(new java.io.ByteArrayInputStream(xml));
        NodeList found = document.getElementsByTagNameNS("*", name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
